using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>The rules of remote signals whose connection is lost, for exchanges whose connections a test can break.</summary>
internal abstract class ReconnectionFixture : PairFixture
{
    [Test]
    public void X8_a_lost_connection_makes_it_stale_and_a_new_one_live_with_the_exact_gap()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal);
        var log = new List<string>();
        RemoteSignal<int> import = Importer.Import<int>("a");
        import.StateChanged.Connect(state => log.Add($"{state}"));
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value}"));
        Pair.UntilLive(import);
        signal.Emit(1);
        Pair.Until(() => log.Contains("1"));
        Pair.Break();
        Pair.Until(() => import.State == RemoteState.Stale && log.Contains("Stale"));
        signal.Emit(2);
        signal.Emit(3);
        Pair.Reconnect();
        Pair.UntilLive(import);
        signal.Emit(4);
        Pair.Until(() => log.Contains("4"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1", "Stale", "Live", "Reconnected 2", "4"]));
    }

    [Test]
    public void X4_a_connection_that_is_lost_without_emissions_has_no_gap()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal);
        RemoteSignal<int> import = Importer.Import<int>("a");
        int gaps = 0;
        var received = new List<int>();
        import.Missed.Connect(_ => gaps++);
        import.Connect(received.Add);
        Pair.UntilLive(import);
        signal.Emit(1);
        Pair.Until(() => received.Count == 1);
        Pair.Break();
        Pair.Until(() => import.State == RemoteState.Stale);
        Pair.Reconnect();
        Pair.UntilLive(import);
        signal.Emit(2);
        Pair.Until(() => received.Count == 2);
        Assert.That(gaps, Is.Zero);
    }

    [Test]
    public void X4_a_replay_after_a_reconnection_brings_nothing_twice()
    {
        if (LacksReplay())
        {
            return;
        }

        using var signal = new Signal<int>();
        Exporter.Export("a", signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = 4 });
        var received = new List<int>();
        long missed = 0;
        RemoteSignal<int> import = Importer.Import<int>("a");
        import.Missed.Connect(gap => missed += gap.Count!.Value);
        import.Connect(received.Add);
        Pair.UntilLive(import);
        signal.Emit(0);
        signal.Emit(1);
        Pair.Until(() => received.Count == 2);
        Pair.Break();
        Pair.Until(() => import.State == RemoteState.Stale);
        signal.Emit(2);
        Pair.Reconnect();
        Pair.UntilLive(import);
        Pair.Until(() => received.Count == 3);
        Assert.That(missed, Is.Zero);
        Pair.Break();
        Pair.Until(() => import.State == RemoteState.Stale);
        for (int i = 3; i < 10; i++)
        {
            signal.Emit(i);
        }

        Pair.Reconnect();
        Pair.Until(() => received.Count == 7);
        Assert.That(received, Is.EqualTo([0, 1, 2, 6, 7, 8, 9]));
        Assert.That(missed, Is.EqualTo(3));
    }
}
