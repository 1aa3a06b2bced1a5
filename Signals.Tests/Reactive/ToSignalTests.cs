using System.Reactive.Linq;
using System.Reactive.Subjects;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

public sealed class ToSignalTests
{
    [Test]
    public void R3_values_are_emitted_and_disposing_ends_both()
    {
        using var source = new Subject<int>();
        SubscribedSignal<int> owner = source.ToSignal();
        var seen = new List<int>();
        ConnectionHandle handle = owner.Signal.Connect(seen.Add);
        source.OnNext(1);
        Assert.That(source.HasObservers, Is.True);

        owner.Dispose();
        owner.Dispose();
        source.OnNext(2);

        Assert.That(seen, Is.EqualTo([1]));
        Assert.That((source.HasObservers, handle.IsActive), Is.EqualTo((false, false)));
        Assert.That(() => owner.Signal.Connect(seen.Add), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void R3_completion_disposes_the_signal_and_then_notifies_the_caller()
    {
        using var source = new Subject<int>();
        var observer = new RecordingObserver<int>();
        int observersDone = -1;
        using SubscribedSignal<int> owner = source.ToSignal(onCompleted: () => observersDone = observer.Completions);
        owner.Signal.AsObservable().Subscribe(observer);
        source.OnNext(1);
        source.OnCompleted();

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That((observer.Completions, observersDone), Is.EqualTo((1, 1)));
    }

    [Test]
    public void R3_an_error_disposes_the_signal_and_is_thrown_by_default()
    {
        var source = new ManualObservable<int>();
        var observer = new RecordingObserver<int>();
        var expected = new InvalidOperationException("error");
        using SubscribedSignal<int> owner = source.ToSignal();
        owner.Signal.AsObservable().Subscribe(observer);

        Assert.That(() => source.Observer!.OnError(expected), Throws.Exception.SameAs(expected));
        Assert.That((observer.Completions, source.Unsubscribed), Is.EqualTo((1, 1)));
    }

    [Test]
    public void R3_an_error_is_passed_to_the_callers_handler()
    {
        using var source = new Subject<int>();
        var errors = new List<Exception>();
        var expected = new InvalidOperationException("error");
        using SubscribedSignal<int> owner = source.ToSignal(errors.Add);
        source.OnError(expected);

        Assert.That(errors, Is.EqualTo<Exception>([expected]));
        Assert.That(() => owner.Signal.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void R3_the_end_reaches_the_caller_even_if_unsubscribing_and_the_observers_throw([Values] bool isError, [Values] bool callerThrows)
    {
        var unsubscribing = new InvalidOperationException("unsubscribing");
        var ofObserver = new InvalidOperationException("observer");
        var ofCaller = new InvalidOperationException("caller");
        var error = new InvalidOperationException("error");
        var source = new ManualObservable<int> { OnUnsubscribe = () => throw unsubscribing };
        var log = new List<string>();
        SubscribedSignal<int> owner = source.ToSignal(heard => Note($"error {heard.Message}"), () => Note("completed"));
        owner.Signal.AsObservable().Subscribe(new RecordingObserver<int> { OnEnd = () => throw ofObserver });

        Exception? thrown = Assert.Catch(() =>
        {
            if (isError)
            {
                source.Observer!.OnError(error);
            }
            else
            {
                source.Observer!.OnCompleted();
            }
        });

        Assert.That(log, Is.EqualTo([isError ? "error error" : "completed"]));
        Assert.That(Thrown.By(thrown), Is.EqualTo<Exception>(callerThrows ? [unsubscribing, ofObserver, ofCaller] : [unsubscribing, ofObserver]));
        Assert.That(() => owner.Signal.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());

        void Note(string entry)
        {
            log.Add(entry);
            if (callerThrows)
            {
                throw ofCaller;
            }
        }
    }

    [Test]
    public void R3_an_error_that_is_thrown_by_default_includes_exceptions_of_the_observers()
    {
        using var source = new Subject<int>();
        var ofObserver = new InvalidOperationException("observer");
        var error = new InvalidOperationException("error");
        using SubscribedSignal<int> owner = source.ToSignal();
        owner.Signal.AsObservable().Subscribe(new RecordingObserver<int> { OnEnd = () => throw ofObserver });

        Assert.That(Thrown.By(Assert.Catch(() => source.OnError(error))), Is.EqualTo<Exception>([error, ofObserver]));
    }

    [Test]
    public void R3_disposing_ends_the_signal_even_if_unsubscribing_throws()
    {
        var expected = new InvalidOperationException("unsubscribing");
        var source = new ManualObservable<int> { OnUnsubscribe = () => throw expected };
        var observer = new RecordingObserver<int>();
        SubscribedSignal<int> owner = source.ToSignal();
        owner.Signal.AsObservable().Subscribe(observer);

        Assert.That(owner.Dispose, Throws.Exception.SameAs(expected));
        Assert.That(observer.Completions, Is.EqualTo(1));
        Assert.That(owner.Dispose, Throws.Nothing);
    }

    [Test]
    public void R3_an_observable_that_ends_on_subscription_returns_a_disposed_signal()
    {
        int completions = 0;
        using SubscribedSignal<int> owner = Observable.Range(1, 3).ToSignal(onCompleted: () => completions++);
        var late = new RecordingObserver<int>();
        owner.Signal.AsObservable().Subscribe(late);

        Assert.That((completions, late.Completions), Is.EqualTo((1, 1)));
    }

    [Test]
    public void R3_exception_of_a_slot_propagates_to_the_observable()
    {
        using var source = new Subject<int>();
        using SubscribedSignal<int> owner = source.ToSignal();
        var expected = new InvalidOperationException("slot");
        var seen = new List<int>();
        owner.Signal.Connect((int value) => _ = value == 1 ? throw expected : value);
        owner.Signal.Connect(seen.Add);

        Assert.That(() => source.OnNext(1), Throws.Exception.SameAs(expected));
        source.OnNext(2);
        Assert.That(seen, Is.EqualTo([1, 2]));
    }

    [Test]
    public void R3_null_is_refused() =>
        Assert.That(() => ((IObservable<int>)null!).ToSignal(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("source"));
}
