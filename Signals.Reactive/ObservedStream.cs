using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Observable of the values of an asynchronous stream.</summary>
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

    // Not a task, because no caller awaits it: it throws only the exceptions of the observer, which must not be lost.
    private async void Enumerate(IObserver<T> observer, CancellationToken unsubscribed)
    {
        Failures streamFailures = default;
        Failures observerFailures = default;
        bool isObserverIntact = true;
        IAsyncEnumerator<T>? values = null;
        try
        {
            values = stream.GetAsyncEnumerator(unsubscribed);
            while (isObserverIntact && await values.MoveNextAsync().ConfigureAwait(false) && !unsubscribed.IsCancellationRequested)
            {
                isObserverIntact = TryDeliver(observer, values.Current, ref observerFailures);
            }
        }
        catch (Exception exception)
        {
            streamFailures.Add(exception);
        }

        if (values is not null)
        {
            try
            {
                await values.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // In addition to the earlier exception of the stream or the observer, and not in its place.
                if (isObserverIntact)
                {
                    streamFailures.Add(exception);
                }
                else
                {
                    observerFailures.Add(exception);
                }
            }
        }

        observerFailures.ThrowIfAny();
        if (unsubscribed.IsCancellationRequested)
        {
            return;
        }

        if (streamFailures.ToException() is { } error)
        {
            observer.OnError(error);
        }
        else
        {
            observer.OnCompleted();
        }
    }

    private static bool TryDeliver(IObserver<T> observer, T value, ref Failures failures)
    {
        try
        {
            observer.OnNext(value);
            return true;
        }
        catch (Exception exception)
        {
            failures.Add(exception);
            return false;
        }
    }
}
