using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Signals.Tests.Core;

/// <summary>Invalid arguments of members that do not depend on the arity. The others are in <see cref="ArityTests"/>.</summary>
public sealed class BadInputTests
{
    [Test]
    public void Unknown_exception_policy_is_refused([Values(-1, 2, 100)] int value) =>
        Assert.That(
            () => new SignalOptions { ExceptionPolicy = (SlotExceptionPolicy)value },
            Throws
                .TypeOf<ArgumentOutOfRangeException>()
                .With.Property(nameof(ArgumentException.ParamName))
                .EqualTo("value")
                .And.Property(nameof(ArgumentOutOfRangeException.ActualValue))
                .EqualTo((SlotExceptionPolicy)value)
                .And.Message.StartsWith("ExceptionPolicy must be RunAllThenThrow or StopAtFirst.")
        );

    [Test]
    public void Known_exception_policy_is_kept([Values] SlotExceptionPolicy policy) =>
        Assert.That(new SignalOptions { ExceptionPolicy = policy }.ExceptionPolicy, Is.EqualTo(policy));

    [Test]
    public void BelongsTo_null_is_refused()
    {
        var crowd = new Crowd(1);
        Assert.That(() => crowd.Handles[0].BelongsTo(null!), ThrowsFor("signal"));
        Assert.That(() => default(ConnectionHandle).BelongsTo(null!), ThrowsFor("signal"));
    }

    [Test]
    public void AddTo_null_is_refused_and_the_connection_stays_active()
    {
        var crowd = new Crowd(1);
        Assert.That(() => crowd.Handles[0].AddTo(null!), ThrowsFor("group"));
        Assert.That(crowd.Handles[0].IsActive, Is.True);
    }

    [Test]
    public void Weak_slot_bound_to_an_object_other_than_its_target_is_accepted()
    {
        int calls = 0;
        var target = new object();
        var signal = new Signal();
        signal.ConnectWeak(target, _ => calls++);
        signal.Emit();

        Assert.That(calls, Is.EqualTo(1));
        GC.KeepAlive(target);
    }

    [Test]
    public void Refused_connect_leaves_the_signal_as_it_was()
    {
        var crowd = new Crowd(2);
        Assert.That(() => crowd.Signal.Connect((Action)null!), Throws.ArgumentNullException);
        Assert.That(() => crowd.Signal.Connect(crowd.Signal), Throws.ArgumentException);
        Assert.That(crowd.Emit(), Is.EqualTo([0, 1]));
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(2));
    }

    [Test]
    public void Deferred_connect_refused_by_a_disposed_signal_leaves_the_evaluator_usable()
    {
        int calls = 0;
        using var evaluator = new ConnectionEvaluator();
        var disposed = new Signal();
        disposed.Dispose();
        Assert.That(() => disposed.ConnectDeferred(evaluator, () => calls++), Throws.TypeOf<ObjectDisposedException>());
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => calls++);
        signal.Emit();

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(calls, Is.EqualTo(1));
    }

    private static EqualStringConstraint ThrowsFor(string parameter) =>
        Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter);
}
