namespace Signals.Ipc.Client;

/// <summary>
/// A signal that is raised on any thread and emitted on an evaluator. Its disposal removes the events that have been raised but not emitted from the
/// evaluator, so that none is emitted late.
/// </summary>
internal sealed class Delivery<T> : IDisposable
{
    private readonly Signal<T> _target = new();

    /// <summary>The evaluators in use that have not ended, each with the signal that emits on it. The last one is the current one.</summary>
    private readonly List<(ConnectionEvaluator Evaluator, Signal<T> Source)> _routes = [];

    private volatile Signal<T>? _source;

    /// <summary>Gets the signal that users connect to.</summary>
    internal ISignal<T> Signal => _target;

    /// <summary>Gets the signal that raises events on the current evaluator. They stay there, even if another evaluator is set afterwards.</summary>
    internal Signal<T> Source => _source!;

    /// <summary>Sets the evaluator for events from now on. Events that were raised before stay on their evaluator. Not thread-safe.</summary>
    internal void DeliverOn(ConnectionEvaluator evaluator)
    {
        _routes.RemoveAll(route => route.Evaluator.IsDisposed);
        if (_routes is [.., var last] && last.Evaluator == evaluator)
        {
            return;
        }

        var source = new Signal<T>();
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
