using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Tracking;

[NonParallelizable]
public sealed class ImportTests
{
    [Test]
    public void V4_an_imported_signal_is_in_the_snapshot_with_its_state()
    {
        using var temperature = new Signal<int>();
        using var evaluator = new ConnectionEvaluator();
        using var exchange = new LocalExchange(evaluator);
        RemoteSignal<int> import = exchange.Import<int>("tracked.temperature");

        string? State() => SignalTracker.Snapshot().Imports.SingleOrDefault(static known => known.Name == "tracked.temperature")?.State;

        Assert.That(State(), Is.EqualTo("Idle"));
        import.Connect(static _ => { });
        Assert.That(State(), Is.EqualTo("Waiting"));
        exchange.Export("tracked.temperature", temperature);
        Bounded.Until(
            () =>
            {
                evaluator.EvaluateDeferredConnections();
                return State() == "Live";
            },
            "the subscription"
        );
        Assert.That(SignalTracker.Snapshot().ConnectionOf("tracked.temperature").Kind, Is.EqualTo(ConnectionKind.Plain));

        import.Dispose();

        Assert.That(State(), Is.Null);
    }

    [Test]
    public void V4_an_entry_of_another_library_is_in_the_snapshots_until_it_is_disposed()
    {
        TrackedImport entry = SignalTracker.TrackImport("tracked.entry");
        Assert.That(Find(), Is.EqualTo("tracked.entry"));

        entry.State = "Lost";
        Assert.That(Find(), Is.EqualTo("tracked.entry (Lost)"));

        entry.Dispose();
        Assert.That(Find(), Is.Null);
        Assert.That(() => SignalTracker.TrackImport(null!), Throws.ArgumentNullException);

        static string? Find() => SignalTracker.Snapshot().Imports.SingleOrDefault(static known => known.Name == "tracked.entry")?.ToString();
    }
}
