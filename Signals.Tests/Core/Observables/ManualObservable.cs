namespace Signals.Tests.Core.Observables;

/// <summary>An observable that a test drives by hand.</summary>
internal sealed class ManualObservable<T> : IObservable<T>
{
    internal IObserver<T>? Observer { get; private set; }

    internal int Unsubscribed { get; private set; }

    /// <summary>Runs as it is unsubscribed from.</summary>
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
