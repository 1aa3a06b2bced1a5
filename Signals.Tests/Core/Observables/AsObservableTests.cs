using System.Runtime.CompilerServices;
using Moq;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Signals.Tests.Core.Observables;

[TestFixture]
public class AsObservableTests
{
    [Test]
    public void R1_values_of_every_arity_are_passed_on()
    {
        var signal1 = new Signal<int>();
        var signal2 = new Signal<int, string>();
        var signal3 = new Signal<int, string, double>();
        var signal4 = new Signal<int, string, double, char>();
        var seen1 = new RecordingObserver<int>();
        var seen2 = new RecordingObserver<(int, string)>();
        var seen3 = new RecordingObserver<(int, string, double)>();
        var seen4 = new RecordingObserver<(int, string, double, char)>();
        signal1.AsObservable().Subscribe(seen1);
        signal2.AsObservable().Subscribe(seen2);
        signal3.AsObservable().Subscribe(seen3);
        signal4.AsObservable().Subscribe(seen4);

        for (int i = 1; i <= 2; i++)
        {
            signal1.Emit(i);
            signal2.Emit(i, "b");
            signal3.Emit(i, "c", 3.5);
            signal4.Emit(i, "d", 4.5, 'd');
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen1.Values, Is.EqualTo([1, 2]));
            Assert.That(seen2.Values, Is.EqualTo([(1, "b"), (2, "b")]));
            Assert.That(seen3.Values, Is.EqualTo([(1, "c", 3.5), (2, "c", 3.5)]));
            Assert.That(seen4.Values, Is.EqualTo([(1, "d", 4.5, 'd'), (2, "d", 4.5, 'd')]));
        }
    }

    [Test]
    public void R2_observer_whose_subscription_the_completion_of_another_has_disposed_is_not_completed()
    {
        var signal = new Signal<int>();
        var late = new RecordingObserver<int>();
        IDisposable? subscription = null;
        var first = new Mock<IObserver<int>>();
        first.Setup(observer => observer.OnCompleted()).Callback(() => subscription!.Dispose());
        signal.AsObservable().Subscribe(first.Object);
        subscription = signal.AsObservable().Subscribe(late);
        signal.Dispose();

        first.Verify(observer => observer.OnCompleted(), Times.Once);
        Assert.That(late.Completions, Is.Zero);
    }

    [Test]
    public void R1_subscribing_connects_and_disposing_disconnects()
    {
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        IObservable<int> observable = signal.AsObservable();
        Assert.That(signal.ConnectionCount, Is.Zero, "creating the observable makes no connection");

        IDisposable subscription = observable.Subscribe(observer);
        Assert.That(signal.ConnectionCount, Is.EqualTo(1));
        signal.Emit(1);
        subscription.Dispose();
        Assert.That(signal.ConnectionCount, Is.Zero);
        signal.Emit(2);
        ConnectionHandle other = signal.Connect((int _) => { });
        subscription.Dispose();

        Assert.That(other.IsActive, Is.True, "the index belongs to another connection now");
        Assert.That((observer.Values.Single(), observer.Completions, observer.Errors.Count), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void R1_an_observable_may_be_subscribed_to_any_number_of_times()
    {
        var signal = new Signal<int>();
        IObservable<int> observable = signal.AsObservable();
        var first = new RecordingObserver<int>();
        var second = new RecordingObserver<int>();
        IDisposable subscription = observable.Subscribe(first);
        observable.Subscribe(second);
        observable.Subscribe(second);
        signal.Emit(1);
        subscription.Dispose();
        signal.Emit(2);

        Assert.That(first.Values, Is.EqualTo([1]));
        Assert.That(second.Values, Is.EqualTo([1, 1, 2, 2]));
    }

    [Test]
    public void R1_values_arrive_on_the_emitting_thread_in_the_order_of_the_connections()
    {
        var signal = new Signal<int>();
        var seen = new List<string>();
        signal.Connect((int _) => seen.Add("slot"));
        signal.AsObservable().Subscribe(new RecordingObserver<int> { OnValue = _ => seen.Add("observer") });
        signal.Connect((int _) => seen.Add("another slot"));

        signal.Emit(1);

        Assert.That(seen, Is.EqualTo(["slot", "observer", "another slot"]));
    }

    [Test]
    public void R1_an_observer_may_unsubscribe_inside_a_value()
    {
        var signal = new Signal<int>();
        IDisposable? subscription = null;
        var observer = new RecordingObserver<int> { OnValue = _ => subscription!.Dispose() };
        subscription = signal.AsObservable().Subscribe(observer);

        signal.Emit(1);
        signal.Emit(2);

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void R1_exception_of_an_observer_reaches_the_emitter_like_that_of_a_slot()
    {
        var signal = new Signal<int>();
        var expected = new InvalidOperationException("observer");
        var after = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(new RecordingObserver<int> { OnValue = _ => throw expected });
        signal.AsObservable().Subscribe(after);

        Assert.That(() => signal.Emit(1), Throws.Exception.SameAs(expected));
        Assert.That(after.Values, Is.EqualTo([1]));
    }

    [Test]
    public void R1_an_observable_of_a_derived_type_is_one_of_its_base()
    {
        var signal = new Signal<string>();
        IObservable<object> observable = ((ISignal<object>)signal).AsObservable();
        var observer = new RecordingObserver<object>();
        observable.Subscribe(observer);
        var another = new RecordingObserver<object>();
        signal.AsObservable().Subscribe(another);

        signal.Emit("a");
        signal.Dispose();

        Assert.That(observer.Values, Is.EqualTo<object>(["a"]));
        Assert.That(another.Values, Is.EqualTo<object>(["a"]));
        Assert.That((observer.Completions, another.Completions), Is.EqualTo((1, 1)));
    }

    [Test]
    public void R2_disposing_the_signal_completes_every_observer_once_and_nothing_follows()
    {
        var signal = new Signal<int>();
        var first = new RecordingObserver<int>();
        var second = new RecordingObserver<int>();
        IDisposable subscription = signal.AsObservable().Subscribe(first);
        signal.AsObservable().Subscribe(second);
        signal.Emit(1);

        signal.Dispose();
        signal.Dispose();
        signal.Emit(2);
        subscription.Dispose();

        Assert.That((first.Completions, second.Completions), Is.EqualTo((1, 1)));
        Assert.That(first.Values.Concat(second.Values), Is.EqualTo([1, 1]));
        Assert.That(first.Errors.Concat(second.Errors), Is.Empty);
    }

    [Test]
    public void R2_observers_of_every_arity_complete()
    {
        var signal2 = new Signal<int, int>();
        var signal3 = new Signal<int, int, int>();
        var signal4 = new Signal<int, int, int, int>();
        var seen2 = new RecordingObserver<(int, int)>();
        var seen3 = new RecordingObserver<(int, int, int)>();
        var seen4 = new RecordingObserver<(int, int, int, int)>();
        signal2.AsObservable().Subscribe(seen2);
        signal3.AsObservable().Subscribe(seen3);
        signal4.AsObservable().Subscribe(seen4);

        signal2.Dispose();
        signal3.Dispose();
        signal4.Dispose();
        signal2.AsObservable().Subscribe(seen2);
        signal3.AsObservable().Subscribe(seen3);
        signal4.AsObservable().Subscribe(seen4);

        Assert.That((seen2.Completions, seen3.Completions, seen4.Completions), Is.EqualTo((2, 2, 2)));
    }

    [Test]
    public void R2_subscribing_to_a_disposed_signal_completes_immediately()
    {
        var signal = new Signal<int>();
        IObservable<int> observable = signal.AsObservable();
        signal.Dispose();
        var observer = new RecordingObserver<int>();

        IDisposable subscription = observable.Subscribe(observer);

        Assert.That((observer.Completions, observer.Values.Count), Is.EqualTo((1, 0)));
        Assert.That(subscription.Dispose, Throws.Nothing);
        Assert.That(observer.Completions, Is.EqualTo(1));
    }

    [Test]
    public void R2_unsubscribing_and_DisconnectAll_complete_nothing()
    {
        var signal = new Signal<int>();
        var unsubscribed = new RecordingObserver<int>();
        var disconnected = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(unsubscribed).Dispose();
        signal.AsObservable().Subscribe(disconnected);
        signal.DisconnectAll();
        signal.Dispose();

        Assert.That((unsubscribed.Completions, disconnected.Completions), Is.EqualTo((0, 0)));
    }

    [Test]
    public void R2_a_signal_disposed_inside_a_value_completes_its_observers_and_no_value_follows()
    {
        var signal = new Signal<int>();
        var first = new RecordingObserver<int> { OnValue = _ => signal.Dispose() };
        var second = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(first);
        signal.AsObservable().Subscribe(second);

        signal.Emit(1);

        Assert.That((first.Values.Count, second.Values.Count, first.Completions, second.Completions), Is.EqualTo((1, 0, 1, 1)));
    }

    [Test]
    public void R2_an_observer_that_throws_on_completion_does_not_prevent_the_others_from_completing()
    {
        var signal = new Signal<int>();
        var expected = new InvalidOperationException("completing");
        var last = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(new RecordingObserver<int> { OnEnd = () => throw expected });
        signal.AsObservable().Subscribe(last);

        Assert.That(signal.Dispose, Throws.Exception.SameAs(expected));
        Assert.That((last.Completions, signal.IsDisposed), Is.EqualTo((1, true)));
    }

    [Test]
    public void R2_an_observer_that_unsubscribes_on_completion_completes_once()
    {
        var signal = new Signal<int>();
        IDisposable? subscription = null;
        var observer = new RecordingObserver<int> { OnEnd = () => subscription!.Dispose() };
        subscription = signal.AsObservable().Subscribe(observer);

        signal.Dispose();

        Assert.That(observer.Completions, Is.EqualTo(1));
    }

    [Test]
    public void R1_a_signal_of_another_class_is_connected_to_and_disconnected_from()
    {
        var inner = new Signal<int>();
        var foreign = new Mock<ISignal<int>>(MockBehavior.Strict);
        foreign.Setup(signal => signal.Connect(It.IsAny<ISlot<int>>())).Returns((ISlot<int> slot) => inner.Connect(slot));
        var observer = new RecordingObserver<int>();

        IDisposable subscription = foreign.Object.AsObservable().Subscribe(observer);
        inner.Emit(1);
        subscription.Dispose();
        inner.Emit(2);

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That(inner.IsEmpty, Is.True);
        foreign.Verify(signal => signal.Connect(It.IsAny<ISlot<int>>()), Times.Once);
    }

    [Test]
    public void R1_foreign_signals_of_every_arity_are_connected_to()
    {
        var inner2 = new Signal<int, int>();
        var inner3 = new Signal<int, int, int>();
        var inner4 = new Signal<int, int, int, int>();
        var foreign2 = new Mock<ISignal<int, int>>();
        var foreign3 = new Mock<ISignal<int, int, int>>();
        var foreign4 = new Mock<ISignal<int, int, int, int>>();
        foreign2.Setup(signal => signal.Connect(It.IsAny<ISlot<int, int>>())).Returns((ISlot<int, int> slot) => inner2.Connect(slot));
        foreign3.Setup(signal => signal.Connect(It.IsAny<ISlot<int, int, int>>())).Returns((ISlot<int, int, int> slot) => inner3.Connect(slot));
        foreign4.Setup(signal => signal.Connect(It.IsAny<ISlot<int, int, int, int>>())).Returns((ISlot<int, int, int, int> slot) => inner4.Connect(slot));
        var seen2 = new RecordingObserver<(int, int)>();
        var seen3 = new RecordingObserver<(int, int, int)>();
        var seen4 = new RecordingObserver<(int, int, int, int)>();
        foreign2.Object.AsObservable().Subscribe(seen2);
        foreign3.Object.AsObservable().Subscribe(seen3);
        foreign4.Object.AsObservable().Subscribe(seen4);

        inner2.Emit(1, 2);
        inner3.Emit(1, 2, 3);
        inner4.Emit(1, 2, 3, 4);

        Assert.That((seen2.Values.Single(), seen3.Values.Single(), seen4.Values.Single()), Is.EqualTo(((1, 2), (1, 2, 3), (1, 2, 3, 4))));
    }

    [Test]
    public void R1_null_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ((ISignal<int>)null!).AsObservable(), Refuses("signal"));
            Assert.That(() => ((ISignal<int, int>)null!).AsObservable(), Refuses("signal"));
            Assert.That(() => ((ISignal<int, int, int>)null!).AsObservable(), Refuses("signal"));
            Assert.That(() => ((ISignal<int, int, int, int>)null!).AsObservable(), Refuses("signal"));
            Assert.That(() => new Signal<int>().AsObservable().Subscribe(null!), Refuses("observer"));
        }
    }

    [Test]
    public void S4_an_unsubscribed_observer_is_unreachable()
    {
        var signal = new Signal<int>();
        WeakReference observer = SubscribeAndUnsubscribe(signal);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(observer.IsAlive, Is.False);
        GC.KeepAlive(signal);
    }

    [Test]
    public void R1_a_subscription_through_another_class_does_not_affect_the_signals_other_connections()
    {
        var signal = new Signal<int>();
        ISignal<int> view = Forwarding(signal);
        using var evaluator = new ConnectionEvaluator();
        int calls = 0;
        ConnectionHandle deferred = signal.ConnectDeferred(evaluator, (int _) => calls++);

        view.AsObservable().Subscribe(new RecordingObserver<int>()).Dispose();
        signal.Emit(1);
        deferred.Disconnect();

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections(), calls), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void R2_a_subscription_through_another_class_completes_if_that_passes_the_slot_object_on([Values] bool besideAnother)
    {
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        using var evaluator = new ConnectionEvaluator();
        Forwarding(signal).AsObservable().Subscribe(observer);
        if (besideAnother)
        {
            signal.ConnectDeferred(evaluator, (int _) => { });
        }

        signal.Emit(1);
        signal.Dispose();

        Assert.That((observer.Values.Count, observer.Completions), Is.EqualTo((1, 1)));
    }

    [Test]
    public void E3_an_observer_that_is_completed_finds_no_queued_invocation_of_the_signal()
    {
        var signal = new Signal<int>();
        using var evaluator = new ConnectionEvaluator();
        int calls = 0;
        (int Pending, int Run) found = (-1, -1);
        signal
            .AsObservable()
            .Subscribe(new RecordingObserver<int> { OnEnd = () => found = (evaluator.PendingCount, evaluator.EvaluateDeferredConnections()) });
        signal.ConnectDeferred(evaluator, (int _) => calls++);
        signal.Emit(1);

        signal.Dispose();

        Assert.That((found, calls), Is.EqualTo(((0, 0), 0)));
    }

    [Test]
    public void R1_null_is_refused_by_the_observable_of_a_signal_without_arguments()
    {
        ISignal none = null!;
        Assert.That(() => none.AsObservable(1), Refuses("signal"));
        Assert.That(() => new Signal().AsObservable(1).Subscribe(null!), Refuses("observer"));
    }

    /// <summary>Implementation of a signal by a user's class, such as a decorator.</summary>
    private static ISignal<int> Forwarding(Signal<int> signal)
    {
        var view = new Mock<ISignal<int>>();
        view.Setup(view => view.Connect(It.IsAny<ISlot<int>>())).Returns((ISlot<int> slot) => signal.Connect(slot));
        return view.Object;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SubscribeAndUnsubscribe(Signal<int> signal)
    {
        var observer = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(observer).Dispose();
        return new WeakReference(observer);
    }

    private static EqualStringConstraint Refuses(string parameter) => Throws.ArgumentNullException.With.Property("ParamName").EqualTo(parameter);
}
