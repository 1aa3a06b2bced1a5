namespace Signals;

/// <summary>
/// A signal that any thread can emit and whose slots, of every kind, run on an evaluator, like those of a deferred connection. Keep it private, and
/// expose it as <see cref="ISignal{T}"/>.
/// </summary>
/// <remarks>
/// <para>An emission is queued on the evaluator. When it is evaluated, it runs the slots that are then connected, in the order of the emissions.
/// Signals that share an evaluator keep their common order. A class that reports events of background threads on the thread of its users needs
/// no other means.</para>
/// <para>All members are thread-safe. In a steady state, an emission allocates nothing.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public sealed class RelayedSignal<T> : ISignal<T>, IDisposable
{
    /// <summary>The signal that users connect to. It is emitted on evaluators only.</summary>
    private readonly Signal<T> _target = new();

    private readonly RelayRoutes<Signal<T>> _routes;

    /// <summary>Initializes a signal whose slots run on the specified evaluator.</summary>
    /// <param name="evaluator">
    /// The evaluator, which the signal does not dispose; or null for the thread pool, where an exception of a slot is unhandled, as in a
    /// <see cref="ThreadPoolEvaluator"/> without a handler.
    /// </param>
    /// <exception cref="ObjectDisposedException"><paramref name="evaluator"/> has been disposed.</exception>
    public RelayedSignal(ConnectionEvaluator? evaluator = null)
    {
        _routes = new RelayRoutes<Signal<T>>((source, to) => source.ConnectDeferred(to, _target.Emit));
        if (evaluator is not null)
        {
            _routes.SetDefault(evaluator);
        }
    }

    /// <summary>Queues an emission on the evaluator of the signal. Does nothing if the signal or the evaluator has been disposed.</summary>
    /// <param name="value">The argument to pass to the slots.</param>
    public void Emit(T value) => _routes.ToDefault().Emit(value);

    /// <summary>
    /// Queues an emission on an evaluator other than that of the signal, for a signal whose evaluator is not known until after slots have been connected. Does
    /// nothing if the signal or the evaluator has been disposed. Emissions on different evaluators have no common order.
    /// </summary>
    /// <param name="evaluator">The evaluator that runs the slots.</param>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    public void EmitOn(ConnectionEvaluator evaluator, T value)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        _routes.To(evaluator).Emit(value);
    }

    /// <inheritdoc/>
    public ConnectionHandle Connect(ISlot<T> slot) => _target.Connect(slot);

    /// <summary>
    /// Ends all connections and removes the queued emissions, so that no slot starts afterwards. All handles become inactive.
    /// </summary>
    public void Dispose()
    {
        _routes.Dispose();
        _target.Dispose();
    }
}
