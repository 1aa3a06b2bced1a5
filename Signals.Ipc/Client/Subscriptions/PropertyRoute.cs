namespace Signals.Ipc.Client;

/// <summary>Sets a property to each reply on an evaluator. A reply that is queued there is replaced by the next one.</summary>
internal sealed class PropertyRoute<TReply> : IReplyRoute<TReply>
{
    private readonly Signal<TReply> _source = new();
    private readonly Property<TReply> _target;
    private readonly CancellationToken _ended;

    /// <param name="target">The property to set.</param>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="ended">A token that is canceled when the run has ended. What is queued then is not set.</param>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    internal PropertyRoute(Property<TReply> target, ConnectionEvaluator evaluator, CancellationToken ended)
    {
        _target = target;
        _ended = ended;
        Evaluator = evaluator;
        _source.ConnectDeferredLatest(evaluator, Set);
    }

    /// <inheritdoc/>
    public ConnectionEvaluator Evaluator { get; }

    /// <inheritdoc/>
    public ValueTask DeliverAsync(TReply reply)
    {
        _source.Emit(reply);
        return default;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void Set(TReply reply)
    {
        if (_ended.IsCancellationRequested)
        {
            return;
        }

        try
        {
            _target.Value = reply;
        }
        catch (ObjectDisposedException)
        {
            // The proxy has been disposed meanwhile.
        }
    }
}
