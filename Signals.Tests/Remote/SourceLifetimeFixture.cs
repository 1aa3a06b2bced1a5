using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>The rules of exported signals that depend on time, for exchanges whose time a test can advance.</summary>
internal abstract class SourceLifetimeFixture : PairFixture
{
    [Test]
    public void X4_a_source_with_a_meaning_stays_connected_for_thirty_seconds()
    {
        int first = 0;
        int last = 0;
        using var signal = new Signal<int>(
            new SignalOptions { FirstConnectedHandler = () => first++, LastDisconnectedHandler = () => Interlocked.Increment(ref last) }
        );
        ExportedSignal export = Exporter.Export("a", signal);
        Assert.That(first, Is.Zero);
        RemoteSignal<int> import = Importer.Import<int>("a");
        ConnectionHandle handle = import.Connect(static _ => { });
        Pair.UntilLive(import);
        Assert.That(first, Is.EqualTo(1));
        handle.Disconnect();
        Pair.Until(() => export.SubscriberCount == 0);
        Pair.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(last, Is.Zero);
        import.Connect(static _ => { });
        Pair.UntilLive(import);
        Pair.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(last, Is.Zero);
        import.Dispose();
        Pair.Until(() => export.SubscriberCount == 0);
        Pair.Time.Advance(TimeSpan.FromSeconds(30));
        Pair.Until(() => Volatile.Read(ref last) == 1);
        Assert.That(first, Is.EqualTo(1));
    }
}
