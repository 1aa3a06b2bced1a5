using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>A2, A3, A5 and A8: random emissions, ends, cancellations and disconnects, compared with a plain model after each step.</summary>
public sealed class AsyncModelTests
{
#if MUTATION
    private const int Programs = 10;
#else
    private const int Programs = 60;
#endif
    private const int Steps = 60;

    [Test]
    public async Task A2_runs_are_those_of_the_model([Values] AsyncSlotMode mode, [Values] bool isDeferred, [Values] bool hasCapacity)
    {
        for (int seed = 0; seed < Programs; seed++)
        {
            var random = new Random(seed);
            var options = new AsyncSlotOptions
            {
                Mode = mode,
                MaxConcurrency = random.Next(1, 4),
                Capacity = hasCapacity ? random.Next(1, 4) : null,
                FullMode = (BoundedChannelFullMode)random.Next((int)BoundedChannelFullMode.DropNewest, (int)BoundedChannelFullMode.DropWrite + 1),
                ExceptionHandler = (_, _) => { },
            };
            await RunProgram(random, options, isDeferred, $"seed {seed}");
        }
    }

    private static async Task RunProgram(Random random, AsyncSlotOptions options, bool isDeferred, string what)
    {
        using var evaluator = new ConnectionEvaluator();
        using var signal = new Signal<int>();
        var probe = new AsyncSlotProbe();
        var model = new AsyncModel(options, isDeferred);
        ConnectionHandle handle = isDeferred ? signal.ConnectDeferredAsync(evaluator, probe.Start, options) : signal.ConnectAsync(probe.Start, options);
        var emissions = new List<(Task Task, CancellationTokenSource Cancellation)>();
        for (int step = 0; step < Steps; step++)
        {
            switch (random.Next(isDeferred ? 10 : 8))
            {
                case < 4:
                    int value = emissions.Count;
                    var cancellation = new CancellationTokenSource();
                    emissions.Add((signal.EmitAsync(value, EmitMode.Sequential, cancellation.Token).AsTask(), cancellation));
                    model.Emit(value);
                    break;
                case < 6:
                    EndOne(random, probe, model);
                    break;
                case < 7 when emissions.Count > 0:
                    int canceled = random.Next(emissions.Count);
                    emissions[canceled].Cancellation.Cancel();
                    model.Cancel(canceled);
                    break;
                case < 8:
                    if (random.Next(15) == 0)
                    {
                        handle.Disconnect();
                        model.Disconnect();
                    }

                    break;
                default:
                    evaluator.EvaluateDeferredConnections();
                    model.Evaluate();
                    break;
            }

            Assert.That(probe.Started, Is.EqualTo(model.Started), $"{what}, step {step}");
            Assert.That(handle.WhenIdleAsync().AsTask().IsCompleted, Is.EqualTo(model.IsIdle), $"{what}, step {step}");
        }

        while (!model.IsIdle)
        {
            evaluator.EvaluateDeferredConnections();
            model.Evaluate();
            EndOne(random, probe, model);
        }

        Assert.That(probe.Started, Is.EqualTo(model.Started), what);
        await Task.WhenAll(emissions.Select(emission => emission.Task.ContinueWith(static _ => { }, TaskScheduler.Default))).Within("all emissions");
        await handle.WhenIdleAsync().Within("the connection");
        emissions.ForEach(emission => emission.Cancellation.Dispose());
    }

    private static void EndOne(Random random, AsyncSlotProbe probe, AsyncModel model)
    {
        int[] running = [.. model.Running];
        if (running.Length == 0)
        {
            return;
        }

        int value = running[random.Next(running.Length)];
        AsyncSlotProbe.Run run = probe.Of(value);
        model.End(value);
        switch (random.Next(3))
        {
            case 0:
                run.Fail(new InvalidOperationException());
                break;
            case 1 when run.Token.IsCancellationRequested:
                run.EndCanceled();
                break;
            default:
                run.End();
                break;
        }
    }
}
