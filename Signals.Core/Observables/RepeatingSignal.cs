namespace Signals;

/// <summary>Observable that produces the same value for each emission of a signal without arguments.</summary>
internal sealed class RepeatingSignal<TValue>(ISignal signal, TValue value) : IObservable<TValue>
{
    public IDisposable Subscribe(IObserver<TValue> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new RepeatingObserverSlot<TValue>(observer, value);
        Action slot = subscription.Repeat;
        return signal is SignalBase known ? subscription.Subscribe(known, slot) : subscription.Subscribe(signal.Connect(slot));
    }
}
