namespace Signals;

/// <summary>Passes a signal's emissions to an observer, and its end as completion. Also the subscription: disposing it disconnects.</summary>
internal class ObserverSlot<TValue>(IObserver<TValue> observer) : SlotAdapter, IDisposable
{
    /// <summary>The connection, or null until it stands.</summary>
    private ScopedConnection Connection { get; } = new();

    internal IObserver<TValue> Observer => observer;

    internal override ConnectionKind Kind => ConnectionKind.Observer;

    internal override Delegate UserSlot => observer.OnNext;

    internal override bool IsNotified => true;

    /// <summary>Subscribes to a signal: a signal that has been disposed completes at once.</summary>
    internal IDisposable Subscribe(SignalBase signal, Delegate slot)
    {
        if (signal.TryAdd(slot, this, out ConnectionHandle handle))
        {
            Connection.Handle = handle;
        }
        else
        {
            observer.OnCompleted();
        }

        return this;
    }

    /// <summary>Subscribes to what another class offers as a signal: of its end nothing is known.</summary>
    internal IDisposable Subscribe(ConnectionHandle handle)
    {
        Connection.Handle = handle;
        return this;
    }

    internal override void OnDisconnected(bool signalEnded)
    {
        if (signalEnded)
        {
            observer.OnCompleted();
        }
    }

    public void Dispose() => Connection.Dispose();
}
