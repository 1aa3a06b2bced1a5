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

    /// <summary>
    /// Indicates whether the signal itself made the connection and completes the observer. If another class's implementation of
    /// <see cref="ISignal{T}"/> made it, the observer is a slot like any other.
    /// </summary>
    private bool _isKnown;

    /// <summary>Indicates whether the subscription has been disposed, after which the observer is not completed.</summary>
    private volatile bool _isDisposed;

    internal IObserver<TValue> Observer => observer;

    internal override ConnectionKind Kind => ConnectionKind.Observer;

    internal override Delegate UserSlot => observer.OnNext;

    internal override bool IsNotified => _isKnown;

    /// <summary>Subscribes to a signal. If it has been disposed, completes the observer immediately.</summary>
    internal IDisposable Subscribe(SignalBase signal, Delegate slot)
    {
        if (!signal.TryAdd(slot, this, out _))
        {
            observer.OnCompleted();
        }

        return this;
    }

    /// <summary>Subscribes to another class's implementation of a signal, whose disposal cannot be detected.</summary>
    internal IDisposable Subscribe(ConnectionHandle handle)
    {
        _connection = handle;
        return this;
    }

    internal override void OnConnecting(ConnectionHandle handle) => (_connection, _isKnown) = (handle, true);

    internal override void OnDisconnected(bool signalEnded)
    {
        // The completion of a previous observer may have disposed the subscription.
        if (signalEnded && _isKnown && !_isDisposed)
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
