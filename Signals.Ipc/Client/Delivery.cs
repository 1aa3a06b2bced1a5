namespace Signals.Ipc.Client;

/// <inheritdoc cref="Delivery{T}"/>
internal sealed class Delivery : IDisposable
{
    private readonly Signal _source = new();
    private readonly Signal _target = new();
    private ConnectionEvaluator? _evaluator;

    /// <summary>What users connect to.</summary>
    internal ISignal Signal => _target;

    /// <summary>Says where to emit. What was raised for another evaluator before is not emitted any more.</summary>
    internal void DeliverOn(ConnectionEvaluator evaluator)
    {
        if (evaluator == _evaluator && !evaluator.IsDisposed)
        {
            return;
        }

        _evaluator = evaluator;
        _source.DisconnectAll();
        _source.ConnectDeferred(evaluator, _target.Emit);
    }

    internal void Raise() => _source.Emit();

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }
}
