using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>All rules, with those of an exporter and an importer that are connected to each other, where nothing is in between.</summary>
internal abstract class DirectSignalFixture : RemoteSignalFixture
{
    [Test]
    public void X5_disconnect_delivers_what_was_queued_and_then_refuses()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        var received = new List<int>();
        RemoteSignal<int> import = Live("a", received, new ImportOptions { Overflow = RemoteOverflow.Disconnect, Capacity = 10 });
        for (int i = 0; i < 1000 && export.SubscriberCount > 0; i++)
        {
            signal.Emit(i);
        }

        Assert.That(export.SubscriberCount, Is.Zero, "The subscription has ended.");
        Pair.Until(() => import.State == RemoteState.Refused);
        Pair.Until(() => received.Count >= 10);
        Assert.That(import.StateReason, Is.EqualTo("too slow"));
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, received.Count)));
        import.Dispose();
        var again = new List<int>();
        Live("a", again, new ImportOptions { Overflow = RemoteOverflow.Disconnect, Capacity = 10 });
        signal.Emit(-1);
        Pair.Until(() => again.Count == 1);
    }

    [Test]
    public void X6_no_more_values_are_under_way_than_the_capacity()
    {
        const int capacity = 8;
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        var received = new List<int>();
        Live("a", received, new ImportOptions { Capacity = capacity });
        for (int i = 0; i < 100; i++)
        {
            signal.Emit(i);
        }

        Assert.That(export.DroppedCount, Is.EqualTo(100 - capacity));
        Pair.Until(() => received.Count == capacity);
    }

    [Test]
    public void X8_a_place_that_becomes_free_is_given_to_the_next()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal, new ExportOptions { MaxSubscribers = 1 });
        RemoteSignal<int> first = Live("a", []);
        RemoteSignal<int> second = Importer.Import<int>("a", new ImportOptions { Capacity = 5 });
        second.Connect(static _ => { });
        Pair.Until(() => second.State == RemoteState.Refused);
        Assert.That(second.StateReason, Is.EqualTo("more subscriptions than allowed"));
        first.Dispose();
        Pair.UntilLive(second);
    }

    private protected override long? DroppedBy(RemoteExport export) => export.DroppedCount;
}
