using NUnit.Framework;

namespace Signals.Tests.Core.Storage;

/// <summary>Counts of weak, chained and notified connections, without which a signal skips the checks for them.</summary>
public sealed class SlotExtrasTests
{
    [Test]
    public void S14_weak_connection_counts_until_it_ends()
    {
        var extras = new SlotExtras();
        WeakSlot<object, Arguments> first = Weak();
        WeakSlot<object, Arguments> second = Weak();

        extras.Register(first);
        extras.Register(second);
        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((2, 0)));
        extras.Unregister(SlotOf(first));
        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((1, 0)));
        extras.Unregister(SlotOf(second));
        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((0, 0)));
    }

    [Test]
    public void E1_deferred_connection_counts_until_it_ends_and_is_not_weak()
    {
        using var evaluator = new ConnectionEvaluator();
        var extras = new SlotExtras();
        var deferred = new PlainDeferredSlot<Arguments>(evaluator, () => { });

        extras.Register(deferred);
        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((0, 1)));
        extras.Register(Weak());
        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((1, 1)));
        extras.Unregister((Action<Arguments>)deferred.Queue);
        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Plain_slot_is_not_counted()
    {
        var extras = new SlotExtras();
        extras.Register(Weak());

        extras.Unregister(() => { });

        Assert.That((extras.Weak, extras.Notified), Is.EqualTo((1, 0)));
    }

    private static WeakSlot<object, Arguments> Weak() => new(new object(), (object _) => { });

    /// <summary>Returns the delegate that a signal stores for the connection.</summary>
    private static Delegate SlotOf(SlotAdapter<Arguments> adapter) => (Action<Arguments>)adapter.Run;
}
