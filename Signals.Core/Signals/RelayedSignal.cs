namespace Signals;

/// <summary>
/// A signal without arguments that any thread can emit and whose slots run on an evaluator. Differs from <see cref="RelayedSignal{T}"/> only in the number of
/// arguments; see there for details.
/// </summary>
public sealed class RelayedSignal : ISignal, IDisposable
{
    /// <summary>The signal that users connect to. It is emitted on evaluators only.</summary>
    private readonly Signal _target = new();

    private readonly RelayRoutes<Signal> _routes;

    /// <summary>Initializes a signal whose slots run on the specified evaluator.</summary>
    /// <param name="evaluator">The evaluator, which the signal does not dispose; or null for the thread pool.</param>
    /// <exception cref="ObjectDisposedException"><paramref name="evaluator"/> has been disposed.</exception>
    public RelayedSignal(ConnectionEvaluator? evaluator = null)
    {
        _routes = new RelayRoutes<Signal>((source, to) => source.ConnectDeferred(to, _target.Emit));
        if (evaluator is not null)
        {
            _routes.SetDefault(evaluator);
        }
    }

    /// <summary>Queues an emission on the evaluator of the signal. Does nothing if the signal or the evaluator has been disposed.</summary>
    public void Emit() => _routes.ToDefault().Emit();

    /// <summary>Queues an emission on an evaluator other than that of the signal. See <see cref="RelayedSignal{T}.EmitOn"/>.</summary>
    /// <param name="evaluator">The evaluator that runs the slots.</param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    public void EmitOn(ConnectionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        _routes.To(evaluator).Emit();
    }

    /// <inheritdoc/>
    public ConnectionHandle Connect(ISlot slot) => _target.Connect(slot);

    /// <summary>
    /// Ends all connections and removes the queued emissions, so that no slot starts afterwards. All handles become inactive.
    /// </summary>
    public void Dispose()
    {
        _routes.Dispose();
        _target.Dispose();
    }
}
