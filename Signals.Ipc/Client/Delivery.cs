namespace Signals.Ipc.Client;

/// <inheritdoc cref="Delivery{T}"/>
internal sealed class Delivery : IDisposable
{
    private readonly Signal _target = new();

    /// <summary>The evaluators that have been asked to emit and have not ended, with what asks them; the one to ask now is the last.</summary>
    private readonly List<(ConnectionEvaluator Evaluator, Signal Source)> _routes = [];

    private volatile Signal? _source;

    /// <summary>What users connect to.</summary>
    internal ISignal Signal => _target;

    /// <summary>What raises the signal where it is to be emitted now. It keeps to that place, also when there is another one by then.</summary>
    internal Signal Source => _source!;

    /// <summary>Says where to emit from now on. What was raised before is still emitted where it was to be then. Not thread-safe.</summary>
    internal void DeliverOn(ConnectionEvaluator evaluator)
    {
        _routes.RemoveAll(route => route.Evaluator.IsDisposed);
        if (_routes is [.., var last] && last.Evaluator == evaluator)
        {
            return;
        }

        var source = new Signal();
        source.ConnectDeferred(evaluator, _target.Emit);
        _routes.Add((evaluator, source));
        _source = source;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _routes.ForEach(route => route.Source.Dispose());
        _target.Dispose();
    }
}
