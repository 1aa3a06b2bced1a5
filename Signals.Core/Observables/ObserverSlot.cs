namespace Signals;

/// <summary>
/// Adapter that passes a signal's emissions to an observer, and the signal's disposal as completion. It is also the subscription: disposing
/// it ends the connection. A subscription needs only this object and the delegate that every connection has.
/// </summary>
/// <remarks>
/// Active calls of the observer are not recorded, because recording them, so that completion can wait for them, would slow down a chain of
/// operators by a third. Completion is therefore serialized with values only as far as emissions are serialized: see
/// <see cref="SignalObservable.AsObservable{T}(ISignal{T})"/>.
/// </remarks>
internal class ObserverSlot<TValue>(IObserver<TValue> observer) : SlotAdapter, IDisposable
{
    /// <summary>The handle of the connection, which is inactive if no connection was made.</summary>
    private ConnectionHandle _connection;

    /// <summary>Indicates whether the subscription has been disposed, after which the observer is not completed.</summary>
    private volatile bool _isDisposed;

    internal IObserver<TValue> Observer => observer;

    internal override ConnectionKind Kind => ConnectionKind.Observer;

    internal override Delegate UserSlot => observer.OnNext;

    internal override bool IsNotified => true;

    internal override bool EndsWithUserCode => true;

    /// <summary>Subscribes to a signal. If it has been disposed, completes the observer immediately.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate that the signal calls, which is bound to this object.</param>
    /// <param name="connect">The method that connects the delegate and this object to a signal of another class.</param>
    internal IDisposable Subscribe<TSlot>(object signal, TSlot slot, Func<TSlot, SlotAdapter, ConnectionHandle> connect)
        where TSlot : Delegate
    {
        if (signal is not SignalBase known)
        {
            SubscribeToOther(slot, connect);
        }
        else if (known.TryAdd(slot, this, out _))
        {
            known.ReportConnected();
        }
        else
        {
            observer.OnCompleted();
        }

        return this;
    }

    internal override void OnConnecting(ConnectionHandle handle) => _connection = handle;

    internal override void OnDisconnected(bool signalEnded)
    {
        // The completion of a previous observer may have disposed the subscription.
        if (signalEnded && !_isDisposed)
        {
            observer.OnCompleted();
        }
    }

    private void SubscribeToOther<TSlot>(TSlot slot, Func<TSlot, SlotAdapter, ConnectionHandle> connect)
        where TSlot : Delegate
    {
        try
        {
            connect(slot, this);
        }
        catch (ObjectDisposedException)
        {
            observer.OnCompleted();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _connection.Disconnect();
    }
}
