namespace Signals.Reactive;

/// <summary>Observable that an evaluator subscribes to and unsubscribes from.</summary>
internal sealed class SubscribedOnEvaluator<T>(IObservable<T> source, ConnectionEvaluator evaluator) : IObservable<T>
{
    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new DeferredSubscription(evaluator);
        subscription.Subscribe(() => source.SubscribeSafe(observer));
        return subscription;
    }
}
