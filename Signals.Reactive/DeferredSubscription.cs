using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Subscription that is made and disposed where an evaluator is evaluated.</summary>
/// <remarks>Both actions are posted and not emitted, because a capacity that drops invocations must not drop them.</remarks>
internal sealed class DeferredSubscription(ConnectionEvaluator evaluator) : IDisposable
{
    private const int Queued = 0;
    private const int Begun = 1;
    private const int Disposed = 2;

    /// <summary>The queued action that subscribes.</summary>
    private SingleAssignmentDisposableValue _beginning;

    private SingleAssignmentDisposableValue _source;

    /// <summary>
    /// The connection that disposes the source's subscription if the evaluator is disposed before it has run the queued disposal.
    /// </summary>
    private ConnectionHandle _ofEvaluator;

    private int _phase = Queued;

    internal void Begin(Func<IDisposable> subscribe) =>
        _beginning.Disposable = evaluator.Post(() =>
        {
            if (Interlocked.CompareExchange(ref _phase, Begun, Queued) == Queued)
            {
                _source.Disposable = subscribe();
            }
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        switch (Interlocked.Exchange(ref _phase, Disposed))
        {
            case Queued:
                _beginning.Dispose();
                break;
            case Begun:
                DisposeLater();
                break;
        }
    }

    private void DisposeLater()
    {
        try
        {
            _ofEvaluator = evaluator.Disposed.Connect(DisposeNow);
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
        _ofEvaluator.Disconnect();
        _source.Dispose();
    }
}
