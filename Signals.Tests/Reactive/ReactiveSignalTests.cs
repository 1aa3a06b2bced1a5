using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Moq;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

/// <summary>Conversion of signals without arguments to observables and back.</summary>
public sealed class ReactiveSignalTests
{
    [Test]
    public void R1_a_signal_without_arguments_is_an_observable_of_units()
    {
        var signal = new Signal();
        var observer = new RecordingObserver<Unit>();
        IDisposable subscription = signal.AsObservable().Subscribe(observer);
        signal.Emit();
        signal.Emit();
        subscription.Dispose();
        subscription.Dispose();
        signal.Emit();

        Assert.That(observer.Values, Is.EqualTo([Unit.Default, Unit.Default]));
        Assert.That((signal.IsEmpty, observer.Completions), Is.EqualTo((true, 0)));
    }

    [Test]
    public void R2_it_completes_with_the_signal_and_immediately_if_the_signal_has_been_disposed()
    {
        var signal = new Signal();
        var observer = new RecordingObserver<Unit>();
        var late = new RecordingObserver<Unit>();
        signal.AsObservable().Subscribe(observer);
        signal.Dispose();
        signal.Emit();
        signal.AsObservable().Subscribe(late);

        Assert.That((observer.Completions, late.Completions, observer.Values.Count + late.Values.Count), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void R1_a_signal_without_arguments_repeats_any_value()
    {
        var plus = new Signal();
        var minus = new Signal();
        var seen = new List<int>();
        using IDisposable subscription = plus.AsObservable(1).Merge(minus.AsObservable(-1)).Scan((sum, step) => sum + step).Subscribe(seen.Add);
        plus.Emit();
        plus.Emit();
        minus.Emit();

        Assert.That(seen, Is.EqualTo([1, 2, 1]));
    }

    [Test]
    public void R1_a_signal_of_another_class_is_connected_to()
    {
        var inner = new Signal();
        var foreign = new Mock<ISignal>(MockBehavior.Strict);
        foreign.Setup(signal => signal.Connect(It.IsAny<ISlot>())).Returns((ISlot slot) => inner.Connect(slot));
        var observer = new RecordingObserver<Unit>();
        IDisposable subscription = foreign.Object.AsObservable().Subscribe(observer);
        inner.Emit();
        subscription.Dispose();
        inner.Emit();

        Assert.That((observer.Values.Count, inner.IsEmpty), Is.EqualTo((1, true)));
    }

    [Test]
    public void R3_units_emit_a_signal_without_arguments()
    {
        using var source = new Subject<Unit>();
        using var target = new Signal();
        int calls = 0;
        int completions = 0;
        target.Connect(() => calls++);
        source.ConnectTo(target, onCompleted: () => completions++);
        source.OnNext(Unit.Default);
        source.OnNext(Unit.Default);
        source.OnCompleted();

        Assert.That((calls, completions, target.IsDisposed), Is.EqualTo((2, 1, false)));
    }

    [Test]
    public void R3_an_error_after_units_is_thrown_by_default()
    {
        var source = new ManualObservable<Unit>();
        var expected = new InvalidOperationException("error");
        source.ConnectTo(new Signal());

        Assert.That(() => source.Observer!.OnError(expected), Throws.Exception.SameAs(expected));
    }

    [Test]
    public void R1_R3_null_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ((ISignal)null!).AsObservable(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("signal"));
            Assert.That(() => ((ISignal)null!).AsObservable(1), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("signal"));
            Assert.That(() => new Signal().AsObservable().Subscribe(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("observer"));
            Assert.That(
                () => Observable.Never<Unit>().ConnectTo((Signal)null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("target")
            );
            Assert.That(
                () => ((IObservable<Unit>)null!).ConnectTo(new Signal()),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("source")
            );
        }
    }
}
