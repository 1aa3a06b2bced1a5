namespace Signals.Ipc.Client;

/// <summary>Emits each reply on an evaluator.</summary>
internal sealed class SignalRoute<TReply> : IReplyRoute<TReply>
{
    /// <summary>The number of replies that are queued on the evaluator before the next one is read.</summary>
    private const int MaxQueued = 64;

    private readonly Signal<TReply> _source = new();
    private readonly Signal<TReply> _target;
    private readonly CancellationToken _ended;
    private readonly ConnectionHandle _connection;

    /// <summary>The number of replies that have been queued since the evaluator had none.</summary>
    private int _queued;

    /// <param name="target">The signal to emit.</param>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="ended">A token that is canceled when the run has ended. What is queued then is not emitted.</param>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    internal SignalRoute(Signal<TReply> target, ConnectionEvaluator evaluator, CancellationToken ended)
    {
        _target = target;
        _ended = ended;
        Evaluator = evaluator;
        _connection = _source.ConnectDeferred(evaluator, Emit);
    }

    /// <inheritdoc/>
    public ConnectionEvaluator Evaluator { get; }

    /// <inheritdoc/>
    public ValueTask DeliverAsync(TReply reply)
    {
        _source.Emit(reply);
        if (++_queued < MaxQueued)
        {
            return default;
        }

        // Rather than a count of what has run: a full evaluator may have dropped some.
        _queued = 0;
        return _connection.WhenIdleAsync(_ended);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void Emit(TReply reply)
    {
        if (!_ended.IsCancellationRequested)
        {
            _target.Emit(reply);
        }
    }
}
