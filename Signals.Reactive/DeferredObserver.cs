using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Passes an observable's notices to an observer where an evaluator is evaluated. Also the subscription: disposing it ends both sides.</summary>
internal sealed class DeferredObserver<T> : IObserver<T>, IDisposable
{
    private readonly IObserver<T> _observer;

    /// <summary>Its only slot is deferred on the evaluator: ending it takes back what is queued.</summary>
    private readonly Signal<Notice<T>> _notices = new();

    /// <summary>Ends the subscription with the evaluator.</summary>
    private readonly ConnectionHandle _ofEvaluator;

    private SingleAssignmentDisposableValue _source;

    internal DeferredObserver(IObserver<T> observer, ConnectionEvaluator evaluator)
    {
        _observer = observer;
        _notices.ConnectDeferred(evaluator, Deliver);
        _ofEvaluator = evaluator.Disposed.ConnectWeak(this, static subscription => subscription.Dispose());
    }

    internal void SubscribeTo(IObservable<T> source) => _source.Disposable = source.Subscribe(this);

    /// <inheritdoc/>
    public void OnNext(T value) => _notices.Emit(new Notice<T>(value));

    /// <inheritdoc/>
    public void OnError(Exception error) => _notices.Emit(new Notice<T>(error));

    /// <inheritdoc/>
    public void OnCompleted() => _notices.Emit(new Notice<T>(error: null));

    /// <inheritdoc/>
    public void Dispose()
    {
        _notices.Dispose();
        _ofEvaluator.Disconnect();
        _source.Dispose();
    }

    private void Deliver(Notice<T> notice)
    {
        if (!notice.IsEnd)
        {
            _observer.OnNext(notice.Value);
            return;
        }

        Dispose();
        if (notice.Error is { } error)
        {
            _observer.OnError(error);
        }
        else
        {
            _observer.OnCompleted();
        }
    }
}
