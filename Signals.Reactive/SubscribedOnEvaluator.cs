namespace Signals.Reactive;

/// <summary>An observable that is subscribed to by an evaluator.</summary>
internal sealed class SubscribedOnEvaluator<T>(IObservable<T> source, ConnectionEvaluator evaluator) : IObservable<T>
{
    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new DeferredSubscription(evaluator);
        subscription.Begin(() => source.SubscribeSafe(observer));
        return subscription;
    }
}
