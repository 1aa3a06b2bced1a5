using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading.Channels;
using R3;

namespace Signals.Benchmarks.Compare;

/// <summary>The time from an emission to the start of a slot on another thread that has been idle.</summary>
internal static class LatencyRows
{
    private const int Samples = 1_000;
    private const int WarmUpSamples = 100;

    /// <summary>The pause before each emission, after which every consumer has ended its spinning.</summary>
    private const int IdleMilliseconds = 1;

    internal static void AddTo(Table table)
    {
        using var ended = new CancellationTokenSource();
        using var ofThread = new ThreadEvaluator();
        using var ofPool = new ThreadPoolEvaluator();
        using var awaited = new ConnectionEvaluator();
        using var arrival = new Arrival();
        (PeerKind Kind, string? Label, Action Emit)[] contenders =
        [
            (PeerKind.Ours, "thread", Deferred(ofThread, arrival)),
            (PeerKind.Ours, "thread pool", Deferred(ofPool, arrival)),
            (PeerKind.Ours, "awaiting", Deferred(awaited, arrival)),
            (PeerKind.Rx, "TaskPool", OfRx(arrival)),
            (PeerKind.R3, "ThreadPool", OfR3(arrival)),
            (PeerKind.Other, "Channel", OfChannel(arrival, ended.Token)),
            (PeerKind.Other, "Monitor", OfMonitor(arrival, ended.Token)),
        ];
        Task evaluating = EvaluateAsync(awaited);

        double[][] microseconds = [.. contenders.Select(_ => new double[Samples])];
        for (int sample = -WarmUpSamples; sample < Samples; sample++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                Thread.Sleep(IdleMilliseconds);
                double latency = arrival.Measure(contenders[i].Emit);
                if (sample >= 0)
                {
                    microseconds[i][sample] = latency;
                }
            }
        }

        AddRows(table, contenders, microseconds, "p50", 0.5);
        AddRows(table, contenders, microseconds, "p99", 0.99);
        ended.Cancel();
        awaited.Dispose();
        evaluating.Wait();
    }

    private static void AddRows(Table table, (PeerKind Kind, string? Label, Action Emit)[] contenders, double[][] microseconds, string name, double share)
    {
        PeerFigure[] figures =
        [
            .. contenders.Zip(
                microseconds,
                (contender, samples) => new PeerFigure(contender.Kind, contender.Label, samples.Order().ElementAt((int)(share * Samples)))
            ),
        ];
        PeerFigure[] peers = [.. figures.Where(figure => figure.Kind != PeerKind.Ours)];
        foreach (PeerFigure ours in figures.Where(figure => figure.Kind == PeerKind.Ours))
        {
            table.Add(new Row($"latency to an idle consumer, {ours.Label}, {name}", "us", ours.Figure, peers, Goal.AtMostBestPeer));
        }
    }

    private static Action Deferred(ConnectionEvaluator evaluator, Arrival arrival)
    {
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, arrival.Run);
        return () => signal.Emit(0);
    }

    private static async Task EvaluateAsync(ConnectionEvaluator evaluator)
    {
        try
        {
            while (true)
            {
                await evaluator.WaitForInvocationsAsync().ConfigureAwait(false);
                evaluator.EvaluateDeferredConnections();
            }
        }
        catch (ObjectDisposedException) when (evaluator.IsDisposed)
        {
            // The disposal ends the wait.
        }
    }

    private static Action OfRx(Arrival arrival)
    {
        var subject = new System.Reactive.Subjects.Subject<int>();
        subject.ObserveOn(TaskPoolScheduler.Default).Subscribe(arrival.Run);
        return () => subject.OnNext(0);
    }

    private static Action OfR3(Arrival arrival)
    {
        var subject = new R3.Subject<int>();
        subject.ObserveOnThreadPool().Subscribe(arrival.Run);
        return () => subject.OnNext(0);
    }

    private static Action OfChannel(Arrival arrival, CancellationToken ended)
    {
        var channel = Channel.CreateUnbounded<int>(new UnboundedChannelOptions { SingleReader = true });
        _ = Task.Run(
            async () =>
            {
                await foreach (int value in channel.Reader.ReadAllAsync(ended).ConfigureAwait(false))
                {
                    arrival.Run(value);
                }
            },
            ended
        );
        return () => channel.Writer.TryWrite(0);
    }

    /// <summary>A thread that waits for a monitor, which is the least that a wake-up can cost.</summary>
    private static Action OfMonitor(Arrival arrival, CancellationToken ended)
    {
        object gate = new();
        bool isQueued = false;
        var thread = new Thread(() =>
        {
            while (!ended.IsCancellationRequested)
            {
                lock (gate)
                {
                    while (!isQueued)
                    {
                        Monitor.Wait(gate);
                    }

                    isQueued = false;
                }

                arrival.Run(0);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return () =>
        {
            lock (gate)
            {
                isQueued = true;
                Monitor.Pulse(gate);
            }
        };
    }

    /// <summary>The slot of all contenders, which keeps the time of its start.</summary>
    private sealed class Arrival : IDisposable
    {
        private readonly SemaphoreSlim _arrived = new(0);
        private long _time;

        internal void Run(int value)
        {
            _time = Stopwatch.GetTimestamp();
            _arrived.Release();
        }

        /// <summary>Returns the time from an emission to the start of the slot in microseconds.</summary>
        internal double Measure(Action emit)
        {
            long start = Stopwatch.GetTimestamp();
            emit();
            _arrived.Wait();
            return Stopwatch.GetElapsedTime(start, _time).TotalMicroseconds;
        }

        public void Dispose() => _arrived.Dispose();
    }
}
