using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>An asynchronous stream as an observable.</summary>
internal sealed class ObservedStream<T>(IAsyncEnumerable<T> stream) : IObservable<T>
{
    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new CancellationDisposable();
        Enumerate(observer, subscription.Token);
        return subscription;
    }

    // Nobody awaits it. All that it throws is what the observer throws, and that is not to be lost: so it is no task.
    private async void Enumerate(IObserver<T> observer, CancellationToken unsubscribed)
    {
        Exception? failure = null;
        bool isObserving = false;
        try
        {
            await foreach (T value in stream.WithCancellation(unsubscribed).ConfigureAwait(false))
            {
                if (unsubscribed.IsCancellationRequested)
                {
                    return;
                }

                isObserving = true;
                observer.OnNext(value);
                isObserving = false;
            }
        }
        catch (Exception exception) when (!isObserving)
        {
            failure = exception;
        }

        if (unsubscribed.IsCancellationRequested)
        {
            return;
        }

        if (failure is null)
        {
            observer.OnCompleted();
        }
        else
        {
            observer.OnError(failure);
        }
    }
}
