using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Observables;

/// <summary>Allocations of a subscription: one object in addition to the delegate of every connection, and none for a value.</summary>
public sealed class SubscriptionAllocationTests
{
    private const int Times = 100;

    [Test]
    public void R1_subscribing_allocates_one_object_in_addition_to_its_delegate()
    {
        var observer = new CountingObserver<int>();
        var signal = new Signal<int>();
        IObservable<int> observable = signal.AsObservable();
        Measure(() => observable.Subscribe(observer).Dispose());
        long object1 = Measure(() => GC.KeepAlive(new ObserverSlot<int>(observer)));
        var slot = new ObserverSlot<int>(observer);
        long delegate1 = Measure(() => GC.KeepAlive((Action<int>)slot.Next));

        // Disposing allocates no memory: see Disconnecting_blocking_and_querying_allocate_nothing.
        long subscribed = Measure(() => observable.Subscribe(observer).Dispose());

        Assert.That(subscribed, Is.EqualTo(object1 + delegate1));
        Assert.That(object1, Is.LessThanOrEqualTo(Times * (4 * IntPtr.Size + Unsafe.SizeOf<ConnectionHandle>())));
    }

    [Test]
    public void R1_subscribing_to_any_arity_allocates_one_object_in_addition_to_its_delegate()
    {
        long one = MeasureSubscribing(new Signal<int>().AsObservable());

        Assert.That(MeasureSubscribing(new Signal<int, int>().AsObservable()), Is.EqualTo(one));
        Assert.That(MeasureSubscribing(new Signal<int, int, int>().AsObservable()), Is.EqualTo(one));
        Assert.That(MeasureSubscribing(new Signal<int, int, int, int>().AsObservable()), Is.EqualTo(one));
        Assert.That(MeasureSubscribing(new Signal().AsObservable((byte)1)) - one, Is.EqualTo(Times * IntPtr.Size), "it keeps its value");
    }

    [Test]
    public void R1_a_value_allocates_nothing([Values(1, 2, 10)] int observers)
    {
        var none = new Signal();
        var one = new Signal<long>();
        var two = new Signal<long, int>();
        var three = new Signal<long, int, Guid>();
        var four = new Signal<long, int, Guid, char>();
        int values = 0;
        for (int i = 0; i < observers; i++)
        {
            none.AsObservable(1m).Subscribe(new CountingObserver<decimal> { OnValue = () => values++ });
            one.AsObservable().Subscribe(new CountingObserver<long> { OnValue = () => values++ });
            two.AsObservable().Subscribe(new CountingObserver<(long, int)> { OnValue = () => values++ });
            three.AsObservable().Subscribe(new CountingObserver<(long, int, Guid)> { OnValue = () => values++ });
            four.AsObservable().Subscribe(new CountingObserver<(long, int, Guid, char)> { OnValue = () => values++ });
        }

        Measure(EmitAll);
        values = 0;
        Assert.That(Measure(EmitAll), Is.Zero);
        Assert.That(values, Is.EqualTo(Times * observers * 5));

        void EmitAll()
        {
            none.Emit();
            one.Emit(1);
            two.Emit(1, 2);
            three.Emit(1, 2, Guid.Empty);
            four.Emit(1, 2, Guid.Empty, 'a');
        }
    }

    [Test]
    public void R3_a_value_that_passes_through_a_pipeline_into_a_signal_allocates_nothing()
    {
        var source = new Signal<int, int>();
        var target = new Signal<int, int>();
        int values = 0;
        target.Connect((_, _) => values++);
        using IDisposable subscription = source.AsObservable().ConnectTo(target);
        Measure(() => source.Emit(1, 2));

        Assert.That(Measure(() => source.Emit(1, 2)), Is.Zero);
        Assert.That(values, Is.EqualTo(2 * Times));
    }

    private static long MeasureSubscribing<T>(IObservable<T> observable)
    {
        var observer = new CountingObserver<T>();
        Measure(() => observable.Subscribe(observer).Dispose());
        return Measure(() => observable.Subscribe(observer).Dispose());
    }

    private static long Measure(Action action) => Allocations.Of(Times, action);

    private sealed class CountingObserver<T> : IObserver<T>
    {
        internal Action? OnValue { get; init; }

        public void OnNext(T value) => OnValue?.Invoke();

        public void OnError(Exception error) => Assert.Fail("a signal has no errors");

        public void OnCompleted() { }
    }
}
