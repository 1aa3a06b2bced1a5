namespace Signals.Tests.Support;

/// <summary>Observable whose notifications a test sends explicitly.</summary>
internal sealed class ManualObservable<T> : IObservable<T>
{
    internal IObserver<T>? Observer { get; private set; }

    internal int Unsubscribed { get; private set; }

    /// <summary>Gets or sets the action that runs when an observer unsubscribes.</summary>
    internal Action? OnUnsubscribe { get; init; }

    public IDisposable Subscribe(IObserver<T> observer)
    {
        Observer = observer;
        return new Subscription(this);
    }

    private sealed class Subscription(ManualObservable<T> source) : IDisposable
    {
        public void Dispose()
        {
            source.Unsubscribed++;
            source.OnUnsubscribe?.Invoke();
        }
    }
}
