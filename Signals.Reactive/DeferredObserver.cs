using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Passes an observable's values and its end to an observer where an evaluator is evaluated. Also the subscription: disposing it ends both sides.</summary>
internal sealed class DeferredObserver<T>(IObserver<T> observer, ConnectionEvaluator evaluator) : IObserver<T>, IDisposable
{
    /// <summary>Its only slot is deferred on the evaluator: ending it takes back what is queued.</summary>
    private readonly Signal<T> _values = new();

    /// <summary>Ends the subscription with the evaluator.</summary>
    private ConnectionHandle _ofEvaluator;

    /// <summary>The subscription to the source.</summary>
    private SingleAssignmentDisposableValue _source;

    /// <summary>The queued end.</summary>
    private SingleAssignmentDisposableValue _end;

    /// <summary>1 once the source has ended: it may do so once.</summary>
    private int _hasEnded;

    /// <summary>Connects to the evaluator. Returns false if it has been disposed: nothing will be delivered.</summary>
    internal bool TryConnect()
    {
        try
        {
            _values.ConnectDeferred(evaluator, observer.OnNext);
            _ofEvaluator = evaluator.Disposed.ConnectWeak(this, static subscription => subscription.Dispose());
            return true;
        }
        catch (ObjectDisposedException) when (evaluator.IsDisposed)
        {
            return false;
        }
    }

    internal void SubscribeTo(IObservable<T> source) => _source.Disposable = source.Subscribe(this);

    /// <inheritdoc/>
    public void OnNext(T value) => _values.Emit(value);

    /// <inheritdoc/>
    public void OnError(Exception error) => End(() => observer.OnError(error));

    /// <inheritdoc/>
    public void OnCompleted() => End(observer.OnCompleted);

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _end.Dispose();
        _ofEvaluator.Disconnect();
        _source.Dispose();
    }

    private void End(Action deliver)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            // Posted, because a capacity that drops values must not drop the end: an error would be lost.
            _end.Disposable = evaluator.Post(() => Deliver(deliver));
        }
    }

    private void Deliver(Action end)
    {
        // The observer receives the end even if unsubscribing from the source throws.
        Failures failures = default;
        failures.Try(Dispose);
        failures.Try(end);
        failures.ThrowIfAny();
    }
}
