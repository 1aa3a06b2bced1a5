namespace Signals;

/// <summary>Action that was posted to an evaluator. Disposing the object removes the action from the queue if it has not started.</summary>
internal sealed class PostedAction(ConnectionEvaluator evaluator, Action action) : IDisposable
{
    /// <summary>The entry for the queue: a slot without a signal.</summary>
    private readonly PostedSlot _slot = new(evaluator, action);

    internal void Queue() => _slot.Queue(default);

    /// <inheritdoc/>
    public void Dispose() => _slot.OnDisconnecting();
}
