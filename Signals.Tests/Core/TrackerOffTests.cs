using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>The tracker in a process that does not ask for it: Signals.Tests/Tracking has the other tests.</summary>
public sealed class TrackerOffTests
{
    [Test]
    public void V9_the_tracker_is_off_by_default_and_a_snapshot_says_how_to_switch_it_on()
    {
        Assert.That(SignalTracker.IsSupported, Is.False);
        Assert.That(
            static () => SignalTracker.Snapshot(),
            Throws.InvalidOperationException.With.Message.Contains("SignalTrackerSupport").And.Message.Contains("Signals.SignalTracker.IsSupported")
        );
        Assert.That(static () => SignalTracker.TrackImport("name"), Throws.InvalidOperationException);
    }

    [Test]
    public void V9_the_delegate_that_is_connected_is_the_one_that_is_called()
    {
        using var signal = new Signal<int>();
        Action<int> slot = static _ => { };

        signal.Connect(slot);

        Assert.That(signal.Snapshot().Single().Slot, Is.SameAs(slot));
    }
}
