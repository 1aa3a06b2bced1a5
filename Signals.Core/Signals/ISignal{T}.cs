namespace Signals;

/// <summary>
/// The subscriber's view of a signal with one argument: slots can be connected to it, but it cannot be emitted. A class keeps its
/// <see cref="Signal{T}"/> private, emits it, and exposes it as this interface.
/// </summary>
/// <remarks>
/// <para>Slots run in the order in which they were connected, on the thread that emits, unless their connection is deferred. A slot that is
/// connected during an emission runs for the first time in the next one.</para>
/// <para>All members are thread-safe and may also be called from inside a slot.</para>
/// <para>Each method throws <see cref="ArgumentNullException"/> if a slot, target or evaluator is null, and
/// <see cref="ObjectDisposedException"/> if the signal has been disposed; in these cases, no connection is made. The signal keeps a slot,
/// and all objects that the slot captures, alive until its connection ends.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public interface ISignal<out T>
{
    /// <summary>Connects a slot, which runs in every later emission.</summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which can be used to end it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    ConnectionHandle Connect(Action<T> slot);

    /// <summary>Connects a slot that does not take the arguments of the signal.</summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    ConnectionHandle Connect(Action slot);

    /// <summary>Connects a slot with a state that is passed to it, so that the slot can be a static lambda instead of a closure.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">The value to pass to the slot as its first argument, which may be null.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    ConnectionHandle Connect<TState>(TState state, Action<TState, T> slot);

    /// <summary>Connects a slot that receives the handle of its own connection, so that it can disconnect or block itself.</summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    ConnectionHandle ConnectReflective(Action<ConnectionHandle, T> slot);

    /// <summary>
    /// Connects a slot for a single emission. The connection ends immediately before the slot runs, so the slot runs only once, even if it
    /// emits the signal itself or several threads emit at the same time.
    /// </summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    ConnectionHandle ConnectSingleShot(Action<T> slot);

    /// <summary>
    /// Connects a deferred slot, which an evaluator runs: an emission only queues an invocation with the arguments, and the slot runs where
    /// and when the evaluator is evaluated. When the connection ends, its queued invocations are removed from the evaluator.
    /// </summary>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action<T> slot);

    /// <summary>
    /// Connects a deferred slot with at most one queued invocation: if one is pending, an emission replaces its arguments, and the
    /// invocation keeps its position in the queue. Use it for a slot that needs the current value and not each intermediate one.
    /// </summary>
    /// <param name="evaluator">
    /// The evaluator that runs the slot. When it is disposed, the connection ends. It counts replaced arguments as dropped invocations.
    /// </param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action<T> slot);

    /// <summary>
    /// Connects a deferred slot that receives the handle of its own connection, so that it can disconnect or block itself.
    /// </summary>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle, T> slot);

    /// <summary>
    /// Connects a deferred slot for a single emission: the first emission queues an invocation, and later ones do not. The connection ends
    /// immediately before the slot runs; ending it earlier removes the queued invocation.
    /// </summary>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action<T> slot);

    /// <summary>
    /// Connects a slot with a target that the connection does not keep alive. When the target has been garbage-collected, the slot is not
    /// called again, and the next emission of the signal, or the next call that connects a slot to it, ends the connection at the
    /// latest.
    /// </summary>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, T> slot)
        where TTarget : class;
}
