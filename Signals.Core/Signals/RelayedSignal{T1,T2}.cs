namespace Signals;

/// <summary>
/// A signal with two arguments that any thread can emit and whose slots run on an evaluator. Differs from <see cref="RelayedSignal{T}"/> only in the number of
/// arguments; see there for details.
/// </summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
public sealed class RelayedSignal<T1, T2> : ISignal<T1, T2>, IDisposable
{
    /// <summary>The signal that users connect to. It is emitted on evaluators only.</summary>
    private readonly Signal<T1, T2> _target = new();

    private readonly RelayRoutes<Signal<T1, T2>> _routes;

    /// <summary>Initializes a signal whose slots run on the specified evaluator.</summary>
    /// <param name="evaluator">The evaluator, which the signal does not dispose; or null for the thread pool.</param>
    /// <exception cref="ObjectDisposedException"><paramref name="evaluator"/> has been disposed.</exception>
    public RelayedSignal(ConnectionEvaluator? evaluator = null)
    {
        _routes = new RelayRoutes<Signal<T1, T2>>((source, to) => source.ConnectDeferred(to, _target.Emit));
        if (evaluator is not null)
        {
            _routes.SetDefault(evaluator);
        }
    }

    /// <summary>Queues an emission on the evaluator of the signal. Does nothing if the signal or the evaluator has been disposed.</summary>
    /// <param name="value1">The first argument to pass to the slots.</param>
    /// <param name="value2">The second argument to pass to the slots.</param>
    public void Emit(T1 value1, T2 value2) => _routes.ToDefault().Emit(value1, value2);

    /// <summary>Queues an emission on an evaluator other than that of the signal. See <see cref="RelayedSignal{T}.EmitOn"/>.</summary>
    /// <param name="evaluator">The evaluator that runs the slots.</param>
    /// <param name="value1">The first argument to pass to the slots.</param>
    /// <param name="value2">The second argument to pass to the slots.</param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    public void EmitOn(ConnectionEvaluator evaluator, T1 value1, T2 value2)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        _routes.To(evaluator).Emit(value1, value2);
    }

    /// <inheritdoc/>
    public ConnectionHandle Connect(ISlot<T1, T2> slot) => _target.Connect(slot);

    /// <summary>
    /// Ends all connections and removes the queued emissions, so that no slot starts afterwards. All handles become inactive.
    /// </summary>
    public void Dispose()
    {
        _routes.Dispose();
        _target.Dispose();
    }
}
