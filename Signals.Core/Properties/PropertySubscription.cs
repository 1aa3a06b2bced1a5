namespace Signals;

/// <summary>Subscription to a property: one connection for the values, and one that hears of the disposal.</summary>
internal sealed class PropertySubscription<T>(IObserver<T> observer) : ISlot<T>, IDisposable
{
    private ConnectionHandle _values;
    private ConnectionHandle _end;
    private volatile bool _isDisposed;

    void ISlot<T>.Invoke(T value) { }

    void ISlotLifetime.OnConnected(ConnectionHandle connection) => _end = connection;

    void ISlotLifetime.OnDisconnected(bool isSignalDisposed)
    {
        if (isSignalDisposed && !_isDisposed)
        {
            observer.OnCompleted();
        }
    }

    internal void Connect(IReadOnlyProperty<T> property)
    {
        try
        {
            T value = property.Peek();
            if (property is PropertyBase { Extras.IsDisposed: true })
            {
                observer.OnNext(value);
                observer.OnCompleted();
                return;
            }
        }
        catch (Exception exception)
        {
            observer.OnError(exception);
            return;
        }

        try
        {
            _values = property.ConnectWithCurrent(OnNext);
            property.Connect(this);
        }
        catch (ObjectDisposedException)
        {
            observer.OnCompleted();
        }

        if (_isDisposed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _values.Disconnect();
        _end.Disconnect();
    }

    private void OnNext(T value)
    {
        if (!_isDisposed)
        {
            observer.OnNext(value);
        }
    }
}
