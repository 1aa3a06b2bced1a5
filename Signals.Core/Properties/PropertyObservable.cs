namespace Signals;

/// <summary>Observable of a property: the current value, then its changes, until the property is disposed.</summary>
internal sealed class PropertyObservable<T>(IReadOnlyProperty<T> property) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new PropertySubscription<T>(observer);
        subscription.Connect(property);
        return subscription;
    }
}
