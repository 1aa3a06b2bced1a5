using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Subscription that is made and disposed where an evaluator is evaluated.</summary>
/// <remarks>Both actions are posted and not emitted, because a capacity that drops invocations must not drop them.</remarks>
internal sealed class DeferredSubscription(ConnectionEvaluator evaluator) : IDisposable
{
    private const int Pending = 0;
    private const int Subscribed = 1;
    private const int Disposed = 2;

    /// <summary>The queued action that subscribes.</summary>
    private SingleAssignmentDisposableValue _queuedSubscribe;

    private SingleAssignmentDisposableValue _source;

    /// <summary>
    /// The connection that disposes the source's subscription if the evaluator is disposed before it has run the queued disposal.
    /// </summary>
    private ConnectionHandle _evaluatorConnection;

    private int _phase = Pending;

    internal void Subscribe(Func<IDisposable> subscribe) =>
        _queuedSubscribe.Disposable = evaluator.Post(() =>
        {
            if (Interlocked.CompareExchange(ref _phase, Subscribed, Pending) == Pending)
            {
                _source.Disposable = subscribe();
            }
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        switch (Interlocked.Exchange(ref _phase, Disposed))
        {
            case Pending:
                _queuedSubscribe.Dispose();
                break;
            case Subscribed:
                DisposeLater();
                break;
        }
    }

    private void DisposeLater()
    {
        try
        {
            _evaluatorConnection = evaluator.Disposed.Connect(DisposeNow);
        }
        catch (ObjectDisposedException) when (evaluator.IsDisposed)
        {
            DisposeNow();
            return;
        }

        evaluator.Post(DisposeNow);
    }

    private void DisposeNow()
    {
        // First: the evaluator must not keep the subscription alive even if unsubscribing throws.
        _evaluatorConnection.Disconnect();
        _source.Dispose();
    }
}
