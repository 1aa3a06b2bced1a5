using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NUnit.Framework;
using Signals.Tests.Telemetry.Support;

namespace Signals.Tests.Telemetry;

/// <summary>M3: evaluators with a name are measured under it. Each test has a name of its own.</summary>
public sealed class EvaluatorMetricsTests
{
    private const string Pending = "signals.evaluator.pending";
    private const string Dropped = "signals.evaluator.dropped";
    private const string Lag = "signals.evaluator.lag";
    private const string NameAttribute = "signals.evaluator.name";

    [Test]
    public void M3_pending_invocations_of_evaluators_with_the_same_name_are_added()
    {
        using var metered = new Metered();
        using ConnectionEvaluator first = Named();
        using ConnectionEvaluator second = Named();
        first.Post(static () => { });
        second.Post(static () => { });
        second.Post(static () => { });
        Assert.That(Sum(metered, Pending), Is.EqualTo(3));
        second.EvaluateDeferredConnections();
        Assert.That(Sum(metered, Pending), Is.EqualTo(1));
        first.Dispose();
        second.Dispose();
        Assert.That(Sum(metered, Pending), Is.Null, "They have been disposed.");
    }

    [Test]
    public void M3_the_number_of_dropped_invocations_never_decreases()
    {
        using var metered = new Metered();
        for (int disposed = 0; disposed < 2; disposed++)
        {
            using ConnectionEvaluator evaluator = Named(capacity: 1);
            using var signal = new Signal<int>();
            signal.ConnectDeferred(evaluator, static _ => { });
            signal.Emit(1);
            signal.Emit(2);
            signal.Emit(3);
            Assert.That(Sum(metered, Dropped), Is.EqualTo((2 * disposed) + 2));
            evaluator.Dispose();
            Assert.That(Sum(metered, Dropped), Is.EqualTo((2 * disposed) + 2), "It has been disposed.");
        }
    }

    [Test]
    public void M3_the_lag_of_each_round_is_that_of_its_oldest_invocation()
    {
        using var metered = new Metered();
        using ConnectionEvaluator evaluator = Named();
        using var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, static _ => { });
        signal.Emit(0);
        evaluator.EvaluateDeferredConnections();
        for (int round = 1; round <= 3; round++)
        {
            signal.Emit(1);
            var queued = Stopwatch.StartNew();
            signal.Emit(2);
            SpinWait.SpinUntil(() => queued.ElapsedMilliseconds >= 20);
            double before = LagPoint(metered)?.Value ?? 0;
            long count = LagPoint(metered)?.Count ?? 0;
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
            Assert.That(LagPoint(metered)!.Count, Is.EqualTo(count + 1), "One measurement for each round.");
            Assert.That(LagPoint(metered)!.Value - before, Is.GreaterThanOrEqualTo(0.02));
        }
    }

    [Test]
    public void M3_an_invocation_that_was_removed_has_no_lag()
    {
        using var metered = new Metered();
        using ConnectionEvaluator evaluator = Named();
        evaluator.Post(static () => { });
        evaluator.EvaluateDeferredConnections();
        double before = LagPoint(metered)!.Value;
        var queued = Stopwatch.StartNew();
        evaluator.Post(static () => { }).Dispose();
        SpinWait.SpinUntil(() => queued.ElapsedMilliseconds >= 50);
        var last = Stopwatch.StartNew();
        evaluator.Post(static () => { });
        evaluator.EvaluateDeferredConnections();
        TimeSpan most = last.Elapsed;
        Assert.That(LagPoint(metered)!.Value - before, Is.LessThanOrEqualTo(most.TotalSeconds).And.Positive);
    }

    [Test]
    public async Task M3_an_evaluator_with_a_thread_has_the_name_of_the_thread()
    {
        using var metered = new Metered();
        using var evaluator = new ThreadEvaluator(nameof(M3_an_evaluator_with_a_thread_has_the_name_of_the_thread));
        Assert.That(evaluator.Name, Is.EqualTo(nameof(M3_an_evaluator_with_a_thread_has_the_name_of_the_thread)));
        for (int round = 0; round < 3; round++)
        {
            var ran = new TaskCompletionSource();
            evaluator.Post(ran.SetResult);
            await ran.Task.Within("the action");
        }

        Point point = metered.Points(Lag, NameAttribute, evaluator.Name).Single();
        Assert.That(point.Count, Is.EqualTo(3));
        Assert.That(point.Bounds[0], Is.EqualTo(0.0001));
        using var other = new ThreadEvaluator("thread", new ConnectionEvaluatorOptions { Name = "evaluator" });
        Assert.That(other.Name, Is.EqualTo("evaluator"));
    }

    [Test]
    public void M3_an_evaluator_without_a_name_is_not_measured()
    {
        using var metered = new Metered();
        using var evaluator = new ConnectionEvaluator();
        evaluator.Post(static () => { });
        Assert.That(evaluator.Name, Is.Null);
        Assert.That(metered.Points(Pending).Where(static point => point.Value > 0), Is.Empty);
        evaluator.EvaluateDeferredConnections();
        Assert.That(metered.Points(Lag, NameAttribute, null), Is.Empty);
    }

    [Test]
    public async Task M3_evaluators_of_hosts_and_clients_have_names()
    {
        using var metered = new Metered();
        using var path = new SocketPath();
        await using var client = new Signals.Ipc.IpcClient(path.Endpoint);
        Assert.That(metered.Points(Pending, NameAttribute, "IpcClient"), Has.Length.EqualTo(1));
    }

    [Test]
    public void M4_a_listener_that_throws_does_not_affect_an_evaluator()
    {
        using var throwing = new Throwing();
        using ConnectionEvaluator evaluator = Named();
        int run = 0;
        for (int round = 0; round < 3; round++)
        {
            evaluator.Post(() => run++);
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        }

        Assert.That((run, throwing.Thrown), Is.EqualTo((3, 3)));
    }

    [Test]
    public void M5_measurements_do_not_keep_evaluators_alive()
    {
        using var metered = new Metered();
        WeakReference evaluator = Forgotten();
        Garbage.Collect();
        Assert.That(evaluator.IsAlive, Is.False);
        Assert.That(Sum(metered, Pending), Is.Null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forgotten() => new(Named(name: nameof(M5_measurements_do_not_keep_evaluators_alive)));

    private static ConnectionEvaluator Named(int? capacity = null, [CallerMemberName] string name = "") =>
        new(
            new ConnectionEvaluatorOptions
            {
                Name = name,
                Capacity = capacity,
                FullMode = BoundedChannelFullMode.DropOldest,
            }
        );

    private static double? Sum(Metered metered, string instrument, [CallerMemberName] string name = "") => metered.Sum(instrument, NameAttribute, name);

    private static Point? LagPoint(Metered metered, [CallerMemberName] string name = "") => metered.Points(Lag, NameAttribute, name).SingleOrDefault();
}
