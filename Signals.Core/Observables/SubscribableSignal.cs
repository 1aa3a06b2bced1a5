namespace Signals;

/// <summary>A signal as an observable.</summary>
/// <typeparam name="TSlot">The delegate that the signal's slots are.</typeparam>
/// <typeparam name="TValue">What observers are given.</typeparam>
internal sealed class SubscribableSignal<TSlot, TValue>(
    object signal,
    Func<ObserverSlot<TValue>, TSlot> bind,
    Func<TSlot, ConnectionHandle> connect
) : IObservable<TValue>
    where TSlot : Delegate
{
    public IDisposable Subscribe(IObserver<TValue> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new ObserverSlot<TValue>(observer);
        TSlot slot = bind(subscription);
        return signal is SignalBase known ? subscription.Subscribe(known, slot) : subscription.Subscribe(connect(slot));
    }
}
