namespace Signals.Ipc.Client;

/// <summary>
/// A signal that is raised on any thread and emitted where an evaluator runs. Disposing it takes what has been raised but not emitted out
/// of the evaluator, so nothing comes late.
/// </summary>
internal sealed class Delivery<T> : IDisposable
{
    private readonly Signal<T> _source = new();
    private readonly Signal<T> _target = new();
    private ConnectionEvaluator? _evaluator;

    /// <summary>What users connect to.</summary>
    internal ISignal<T> Signal => _target;

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

    internal void Raise(T value) => _source.Emit(value);

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }
}
