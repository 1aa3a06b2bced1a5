namespace Signals;

/// <summary>
/// Passes a signal's emissions to an observer, and its end as completion. Also the subscription: disposing it disconnects. Beside the delegate that
/// every connection has, a subscription is this one object.
/// </summary>
/// <remarks>
/// Nothing is noted down as a value passes: noting that a call is under way, so that completion can wait for it, costs a chain of operators a
/// third of its speed. So completion is serialised with values as far as the emissions are: see <see cref="SignalObservable.AsObservable{T}(ISignal{T})"/>.
/// </remarks>
internal class ObserverSlot<TValue>(IObserver<TValue> observer) : SlotAdapter, IDisposable
{
    /// <summary>The connection; inactive if there was none to be made.</summary>
    private ConnectionHandle _connection;

    /// <summary>
    /// Whether the signal knows of the observer. One that was connected by way of another class's <see cref="ISignal{T}"/> is to it a slot like any other.
    /// </summary>
    private bool _isKnown;

    /// <summary>Indicates whether the subscription has been disposed, after which the observer is not completed.</summary>
    private volatile bool _isDisposed;

    internal IObserver<TValue> Observer => observer;

    internal override ConnectionKind Kind => ConnectionKind.Observer;

    internal override Delegate UserSlot => observer.OnNext;

    internal override bool IsNotified => _isKnown;

    /// <summary>Subscribes to a signal: a signal that has been disposed completes at once.</summary>
    internal IDisposable Subscribe(SignalBase signal, Delegate slot)
    {
        if (!signal.TryAdd(slot, this, out _))
        {
            observer.OnCompleted();
        }

        return this;
    }

    /// <summary>Subscribes to what another class offers as a signal: of its end nothing is known.</summary>
    internal IDisposable Subscribe(ConnectionHandle handle)
    {
        _connection = handle;
        return this;
    }

    internal override void OnConnecting(ConnectionHandle handle) => (_connection, _isKnown) = (handle, true);

    internal override void OnDisconnected(bool signalEnded)
    {
        // The completion of another observer, before this one's turn, may have disposed the subscription.
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
