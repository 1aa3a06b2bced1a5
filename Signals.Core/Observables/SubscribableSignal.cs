namespace Signals;

/// <summary>Observable of the emissions of a signal.</summary>
/// <typeparam name="TSlot">The delegate type of the signal's slots.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
internal sealed class SubscribableSignal<TSlot, TValue>(
    object signal,
    Func<ObserverSlot<TValue>, TSlot> bind,
    Func<TSlot, SlotAdapter, ConnectionHandle> connect
) : IObservable<TValue>
    where TSlot : Delegate
{
    public IDisposable Subscribe(IObserver<TValue> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new ObserverSlot<TValue>(observer);
        TSlot slot = bind(subscription);
        return subscription.Subscribe(signal, slot, connect);
    }
}
