namespace Signals;

/// <summary>Subscription to a property: one connection for the values, and one that hears of the disposal.</summary>
internal sealed class PropertySubscription<T>(IObserver<T> observer) : IDisposable
{
    private ConnectionHandle _values;
    private IDisposable? _end;
    private volatile bool _isDisposed;

    internal void Connect(IReadOnlyProperty<T> property)
    {
        var known = property as PropertyBase;
        try
        {
            if (known?.Extras is { IsDisposed: true })
            {
                observer.OnNext(property.Peek());
                observer.OnCompleted();
                return;
            }

            _ = property.Peek();
        }
        catch (Exception exception)
        {
            observer.OnError(exception);
            return;
        }

        try
        {
            _values = property.ConnectWithCurrent(OnNext);
        }
        catch (ObjectDisposedException)
        {
            observer.OnCompleted();
            return;
        }

        _end = known?.SubscribeEnd(OnEnd);
        if (_isDisposed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _values.Disconnect();
        _end?.Dispose();
    }

    private void OnEnd()
    {
        if (!_isDisposed)
        {
            observer.OnCompleted();
        }
    }

    private void OnNext(T value)
    {
        if (!_isDisposed)
        {
            observer.OnNext(value);
        }
    }
}
