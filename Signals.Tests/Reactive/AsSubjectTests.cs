using System.Reactive.Linq;
using System.Reactive.Subjects;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

public sealed class AsSubjectTests
{
    [Test]
    public void R1_values_passed_to_the_subject_are_emitted_and_its_observers_receive_all_emissions()
    {
        using var signal = new Signal<int>();
        ISubject<int> subject = signal.AsSubject();
        var slot = new List<int>();
        var observer = new RecordingObserver<int>();
        signal.Connect(slot.Add);
        IDisposable subscription = subject.Subscribe(observer);
        subject.OnNext(1);
        signal.Emit(2);
        subscription.Dispose();
        subscription.Dispose();
        subject.OnNext(3);

        Assert.That(slot, Is.EqualTo([1, 2, 3]));
        Assert.That(observer.Values, Is.EqualTo([1, 2]));
        Assert.That(observer.Completions, Is.Zero);
    }

    [Test]
    public void R1_an_observable_is_multicast_through_it()
    {
        using var source = new Subject<int>();
        using var signal = new Signal<int>();
        var seen = new List<int>();
        IConnectableObservable<int> multicast = source.Multicast(signal.AsSubject());
        multicast.Subscribe(seen.Add);
        using IDisposable connection = multicast.Connect();
        source.OnNext(1);
        source.OnCompleted();

        Assert.That(seen, Is.EqualTo([1]));
        Assert.That(signal.IsDisposed, Is.True);
    }

    [Test]
    public void R2_completing_disposes_the_signal_and_nothing_follows()
    {
        var signal = new Signal<int>();
        ISubject<int> subject = signal.AsSubject();
        var observer = new RecordingObserver<int>();
        var late = new RecordingObserver<int>();
        subject.Subscribe(observer);
        subject.OnCompleted();
        subject.OnCompleted();
        subject.OnError(new InvalidOperationException("late"));
        subject.OnNext(1);
        subject.Subscribe(late);

        Assert.That(signal.IsDisposed, Is.True);
        Assert.That((observer.Completions, late.Completions), Is.EqualTo((1, 1)));
        Assert.That((observer.Values.Count, observer.Errors.Count, late.Errors.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void R3_an_error_reaches_the_subjects_observers_and_completes_those_of_the_signal()
    {
        var signal = new Signal<int>();
        ISubject<int> subject = signal.AsSubject();
        var ofSubject = new RecordingObserver<int>();
        var ofSignal = new RecordingObserver<int>();
        var late = new RecordingObserver<int>();
        var error = new InvalidOperationException("error");
        subject.Subscribe(ofSubject);
        signal.AsObservable().Subscribe(ofSignal);
        subject.OnError(error);
        subject.OnNext(1);
        subject.OnCompleted();
        subject.Subscribe(late);

        Assert.That(ofSubject.Errors, Is.EqualTo<Exception>([error]));
        Assert.That(late.Errors, Is.EqualTo<Exception>([error]));
        Assert.That((ofSubject.Completions, late.Completions, ofSignal.Completions, ofSignal.Errors.Count), Is.EqualTo((0, 0, 1, 0)));
    }

    [Test]
    public void R3_an_error_without_an_observer_is_thrown()
    {
        var signal = new Signal<int>();
        ISubject<int> subject = signal.AsSubject();
        signal.AsObservable().Subscribe(new RecordingObserver<int>());
        subject.Subscribe(new RecordingObserver<int>()).Dispose();
        var error = new InvalidOperationException("error");

        Assert.That(() => subject.OnError(error), Throws.Exception.SameAs(error));
        Assert.That(signal.IsDisposed, Is.True);
    }

    [Test]
    public void R3_an_error_without_an_observer_is_thrown_with_exceptions_of_the_signals_observers()
    {
        var signal = new Signal<int>();
        var ofObserver = new InvalidOperationException("observer");
        var error = new InvalidOperationException("error");
        signal.AsObservable().Subscribe(new RecordingObserver<int> { OnEnd = () => throw ofObserver });

        Assert.That(Thrown.By(Assert.Catch(() => signal.AsSubject().OnError(error))), Is.EqualTo<Exception>([ofObserver, error]));
    }

    [Test]
    public void R3_an_error_that_an_observer_receives_is_not_thrown_even_if_the_observer_throws()
    {
        var ofObserver = new InvalidOperationException("observer");
        ISubject<int> subject = new Signal<int>().AsSubject();
        var observer = new RecordingObserver<int> { OnEnd = () => throw ofObserver };
        subject.Subscribe(observer);

        Assert.That(() => subject.OnError(new InvalidOperationException("error")), Throws.Exception.SameAs(ofObserver));
        Assert.That(observer.Errors, Has.Count.EqualTo(1));
    }

    [Test]
    public void R1_null_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ((Signal<int>)null!).AsSubject(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("signal"));
            Assert.That(() => new Signal<int>().AsSubject().Subscribe(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("observer"));
            Assert.That(() => new Signal<int>().AsSubject().OnError(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("error"));
        }
    }
}
