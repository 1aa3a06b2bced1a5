namespace Signals;

/// <summary>An action that was posted to an evaluator. Disposing it removes the action from the queue if it has not begun.</summary>
internal sealed class PostedAction(ConnectionEvaluator evaluator, Action action) : IDisposable
{
    /// <summary>The queue's view of the action: a slot without a signal.</summary>
    private readonly DeferredSlot<Arguments> _slot = new(evaluator, action, ConnectionKind.Posted);

    internal void Queue() => _slot.Queue(default);

    /// <inheritdoc/>
    public void Dispose() => _slot.OnDisconnecting();
}
