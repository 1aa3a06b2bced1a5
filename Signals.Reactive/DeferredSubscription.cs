using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>A subscription that is begun and ended where an evaluator is evaluated.</summary>
internal sealed class DeferredSubscription(ConnectionEvaluator evaluator) : IDisposable
{
    private const int Queued = 0;
    private const int Begun = 1;
    private const int Disposed = 2;

    /// <summary>Its only slot, deferred on the evaluator, is what has to be done next.</summary>
    private readonly Signal _step = new();

    private SingleAssignmentDisposableValue _source;

    /// <summary>Ends the subscription with the evaluator, which then does not come to do it.</summary>
    private ConnectionHandle _ofEvaluator;

    private int _phase = Queued;

    internal void Begin(Func<IDisposable> subscribe)
    {
        _step.ConnectDeferredSingleShot(evaluator, () =>
        {
            if (Interlocked.CompareExchange(ref _phase, Begun, Queued) == Queued)
            {
                _source.Disposable = subscribe();
            }
        });
        _step.Emit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        switch (Interlocked.Exchange(ref _phase, Disposed))
        {
            case Queued:
                _step.Dispose();
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
            _step.ConnectDeferredSingleShot(evaluator, DisposeNow);
            _step.Emit();
        }
        catch (ObjectDisposedException) when (evaluator.IsDisposed)
        {
            DisposeNow();
        }
    }

    private void DisposeNow()
    {
        _source.Dispose();
        _ofEvaluator.Disconnect();
    }
}
