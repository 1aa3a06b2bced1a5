namespace Signals;

/// <summary>Observable that produces the same value for each emission of a signal without arguments.</summary>
internal sealed class RepeatingSignal<TValue>(ISignal signal, TValue value) : IObservable<TValue>
{
    private readonly Func<Action, SlotAdapter, ConnectionHandle> _connect = (slot, adapter) => Connector.Connect(signal, slot, adapter);

    public IDisposable Subscribe(IObserver<TValue> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new RepeatingObserverSlot<TValue>(observer, value);
        Action slot = subscription.Repeat;
        return subscription.Subscribe(signal, slot, _connect);
    }
}
