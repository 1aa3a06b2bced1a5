using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Observable whose observers are called by an evaluator.</summary>
internal sealed class ObservedOnEvaluator<T>(IObservable<T> source, ConnectionEvaluator evaluator) : IObservable<T>
{
    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var deferred = new DeferredObserver<T>(observer, evaluator);
        if (!deferred.TryConnect())
        {
            return Disposable.Empty;
        }

        try
        {
            deferred.SubscribeTo(source);
        }
        catch
        {
            deferred.Dispose();
            throw;
        }

        return deferred;
    }
}
