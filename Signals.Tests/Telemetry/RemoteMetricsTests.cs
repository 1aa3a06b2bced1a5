using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Remote;
using Signals.Tests.Telemetry.Support;

namespace Signals.Tests.Telemetry;

/// <summary>M6: subscriptions, queues and gaps of remote signals are measured.</summary>
public sealed class RemoteMetricsTests
{
    private const string Prefix = "signals.remote.";

    [Test]
    public async Task M6_subscriptions_are_counted_on_both_sides()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        using var signal = new Signal<int>();
        session.Host.Host.Export("m6.a", signal);
        RemoteSignal<int> import = session.Client.Import<int>("m6.a");
        import.Connect(static _ => { });
        await import.WaitUntilLiveAsync().Within("the grant");
        Assert.That((metered.Sum($"{Prefix}export.subscriptions"), metered.Sum($"{Prefix}import.subscriptions")), Is.EqualTo((1, 1)));
        import.Dispose();
        await Bounded.UntilAsync(() => metered.Sum($"{Prefix}export.subscriptions") == 0, "the end of the subscription");
        Assert.That(metered.Sum($"{Prefix}import.subscriptions"), Is.Zero);
    }

    [Test]
    public void M6_entries_that_wait_for_an_evaluator_are_counted()
    {
        using var metered = new Metered();
        using var evaluator = new ConnectionEvaluator();
        using var exchange = new LocalExchange(evaluator);
        using var signal = new Signal<int>();
        exchange.Export("m6.b", signal);
        RemoteSignal<int> import = exchange.Import<int>("m6.b");
        int received = 0;
        import.Connect(_ => received++);
        Evaluate(evaluator);
        Assert.That(metered.Sum($"{Prefix}import.queue.length"), Is.Zero);
        signal.Emit(1);
        Bounded.Until(() => metered.Sum($"{Prefix}import.queue.length") > 0, "the value");
        Evaluate(evaluator);
        Assert.That((received, metered.Sum($"{Prefix}import.queue.length")), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task M6_items_that_wait_for_an_importer_are_counted_with_their_bytes()
    {
        using var metered = new Metered();
        using var evaluator = new ConnectionEvaluator();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        using var signal = new Signal<string>();
        ExportedSignal export = session.Host.Host.Export("m6.c", signal, new ExportOptions { Capacity = 1000 });
        RemoteSignal<string> import = session.Client.Import<string>("m6.c", new ImportOptions { Evaluator = evaluator, Capacity = 1000 });
        import.Connect(static _ => { });
        await Bounded.UntilAsync(() => export.SubscriberCount == 1, "the subscription");
        for (int i = 0; i < 1000; i++)
        {
            signal.Emit(new string('x', 1000));
        }

        // What the importer has received waits there, and what the exporter has not sent waits here: nothing is evaluated.
        await Bounded.UntilAsync(
            () => metered.Sum($"{Prefix}export.queue.bytes") + metered.Sum($"{Prefix}import.queue.bytes") >= 1_000_000,
            "the bytes of all values"
        );
        Assert.That(metered.Sum($"{Prefix}export.queue.length"), Is.Not.Null);
    }

    [Test]
    public async Task M6_gaps_are_counted_by_name_and_cause()
    {
        using var metered = new Metered();
        using var evaluator = new ConnectionEvaluator();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        using var signal = new Signal<int>();
        ExportedSignal export = session.Host.Host.Export("m6.d", signal);
        RemoteSignal<int> import = session.Client.Import<int>("m6.d", new ImportOptions { Evaluator = evaluator, Capacity = 8 });
        int received = 0;
        long missed = 0;
        import.Connect(_ => received++);
        import.Missed.Connect(gap => missed += gap.Count ?? 0);
        await Bounded.UntilAsync(() => export.SubscriberCount == 1, "the subscription");
        for (int i = 0; i < 1000; i++)
        {
            signal.Emit(i);
        }

        await Bounded.UntilAsync(
            () =>
            {
                evaluator.EvaluateDeferredConnections();
                return received + missed == 1000;
            },
            "the last value"
        );
        Point point = metered.Points($"{Prefix}missed", "signals.remote.name", "m6.d").Single();
        Assert.That((point.Attributes["signals.remote.cause"], point.Value), Is.EqualTo(("overflow", (double)missed)));
    }

    [Test]
    public async Task M6_a_gap_of_unknown_size_counts_as_one()
    {
        using var metered = new Metered();
        using var evaluator = new ThreadPoolEvaluator();
        using var exchange = new LocalExchange(evaluator);
        RemoteSignal<int> import = exchange.Import<int>("m6.e");
        import.Connect(static _ => { });
        for (int export = 0; export < 2; export++)
        {
            using var signal = new Signal<int>();
            using ExportedSignal exported = exchange.Export("m6.e", signal);
            await import.WaitUntilLiveAsync().Within("the grant");
        }

        await Bounded.UntilAsync(() => metered.Sum($"{Prefix}missed", "signals.remote.name", "m6.e") == 1, "the gap");
        Assert.That(metered.Points($"{Prefix}missed", "signals.remote.name", "m6.e")[0].Attributes["signals.remote.cause"], Is.EqualTo("restarted"));
    }

    [Test]
    public void M4_a_listener_that_throws_does_not_affect_imports()
    {
        using var throwing = new Throwing();
        using var evaluator = new ConnectionEvaluator();
        using var exchange = new LocalExchange(evaluator);
        using var signal = new Signal<int>();
        exchange.Export("m4.a", signal);
        RemoteSignal<int> import = exchange.Import<int>("m4.a", new ImportOptions { Capacity = 1 });
        int received = 0;
        long missed = 0;
        import.Connect(_ => received++);
        import.Missed.Connect(gap => missed += gap.Count ?? 0);
        Bounded.Until(
            () =>
            {
                Evaluate(evaluator);
                return import.State == RemoteState.Live;
            },
            "the grant"
        );
        for (int i = 0; i < 10; i++)
        {
            signal.Emit(i);
        }

        Bounded.Until(
            () =>
            {
                Evaluate(evaluator);
                return received + missed == 10;
            },
            "the last value"
        );
        Assert.That((missed > 0, throwing.Thrown > 0), Is.EqualTo((true, true)));
    }

    [Test]
    public void M5_measurements_do_not_keep_exchanges_alive()
    {
        using var metered = new Metered();
        WeakReference exchange = Forgotten();
        Garbage.Collect();
        Assert.That(exchange.IsAlive, Is.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forgotten()
    {
        var evaluator = new ConnectionEvaluator();
        var exchange = new LocalExchange(evaluator);
        exchange.Export("m5.a", new Signal<int>());
        exchange.Import<int>("m5.a").Connect(static _ => { });
        Evaluate(evaluator);
        return new WeakReference(exchange);
    }

    private static void Evaluate(ConnectionEvaluator evaluator)
    {
        while (evaluator.EvaluateDeferredConnections() > 0) { }
    }
}
