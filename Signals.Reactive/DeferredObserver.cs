using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>
/// Observer that delivers the notifications of an observable to another observer where an evaluator is evaluated. It is also the
/// subscription: disposing it unsubscribes from the source and removes queued notifications.
/// </summary>
internal sealed class DeferredObserver<T>(IObserver<T> observer, ConnectionEvaluator evaluator) : IObserver<T>, IDisposable
{
    /// <summary>The signal of the values, whose only slot is deferred on the evaluator. Disposing it removes queued values.</summary>
    private readonly Signal<T> _values = new();

    /// <summary>The connection that disposes the subscription when the evaluator is disposed.</summary>
    private ConnectionHandle _evaluatorConnection;

    /// <summary>The subscription to the source.</summary>
    private SingleAssignmentDisposableValue _source;

    /// <summary>The queued termination.</summary>
    private SingleAssignmentDisposableValue _end;

    /// <summary>1 if the source has terminated, otherwise 0. Only the first termination is delivered.</summary>
    private int _hasEnded;

    /// <summary>Connects to the evaluator. Returns false if it has been disposed, in which case no notification is delivered.</summary>
    internal bool TryConnect()
    {
        try
        {
            _values.ConnectDeferred(evaluator, observer.OnNext);
            _evaluatorConnection = evaluator.Disposed.ConnectWeak(this, static subscription => subscription.Dispose());
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
        _evaluatorConnection.Disconnect();
        _source.Dispose();
    }

    private void End(Action deliver)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            // Posted, because a capacity that drops values must not drop the termination: an error would be lost.
            _end.Disposable = evaluator.Post(() => Deliver(deliver));
        }
    }

    private void Deliver(Action end)
    {
        // The observer receives the termination even if unsubscribing from the source throws.
        Failures failures = default;
        failures.Try(Dispose);
        failures.Try(end);
        failures.ThrowIfAny();
    }
}
