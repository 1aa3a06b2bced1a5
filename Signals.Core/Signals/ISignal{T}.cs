namespace Signals;

/// <summary>
/// A signal with one argument, as others see it: something to connect to. A class keeps its <see cref="Signal{T}"/> private, emits it,
/// and exposes this.
/// </summary>
/// <remarks>
/// <para>Slots run in the order in which they were connected, on the thread that emits, unless their connection is deferred. A slot that is
/// connected during an emission is first run by the next one.</para>
/// <para>Every member may be called from any thread at any time, also from inside a slot.</para>
/// <para>Each method below throws <see cref="ArgumentNullException"/> for a null slot, target or evaluator and
/// <see cref="ObjectDisposedException"/> when the signal has been disposed; nothing is connected then. A slot is kept alive, with all it
/// captures, until its connection ends.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public interface ISignal<out T>
{
    /// <summary>Connects a slot, to be run by every emission from now on.</summary>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection: disconnecting the handle ends it.</returns>
    ConnectionHandle Connect(Action<T> slot);

    /// <summary>Connects a slot that does not want the arguments.</summary>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection.</returns>
    ConnectionHandle Connect(Action slot);

    /// <summary>Connects a slot together with a state that is passed to it, so that a static lambda needs no closure.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">What to pass to the slot as its first argument; may be null.</param>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection.</returns>
    ConnectionHandle Connect<TState>(TState state, Action<TState, T> slot);

    /// <summary>Connects a slot that is given the handle of its own connection, to disconnect or block itself.</summary>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection.</returns>
    ConnectionHandle ConnectReflective(Action<ConnectionHandle, T> slot);

    /// <summary>
    /// Connects a slot for one emission. The connection ends just before the slot runs, so it runs exactly once, also when it emits the signal
    /// itself or when several threads emit at the same moment.
    /// </summary>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection, until then.</returns>
    ConnectionHandle ConnectSingleShot(Action<T> slot);

    /// <summary>
    /// Connects a slot that an evaluator runs: emitting only queues the call with its arguments, and the slot runs where and when the
    /// evaluator is evaluated. Ending the connection takes what it has queued out of the evaluator.
    /// </summary>
    /// <param name="evaluator">Who runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action<T> slot);

    /// <summary>
    /// Connects a deferred slot of which at most one call is ever queued: an emission that finds one waiting replaces its arguments, and the
    /// call keeps its place in the queue. For a slot that wants to know how things are and not how they came about.
    /// </summary>
    /// <param name="evaluator">Who runs the slot. It counts what was replaced as dropped.</param>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action<T> slot);

    /// <summary>Connects a deferred slot that is given the handle of its own connection.</summary>
    /// <param name="evaluator">Who runs the slot.</param>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle, T> slot);

    /// <summary>
    /// Connects a deferred slot for one emission: the first one queues it, later ones do not. The connection ends as the slot is about to run;
    /// disconnecting before that cancels it.
    /// </summary>
    /// <param name="evaluator">Who runs the slot.</param>
    /// <param name="slot">What to run.</param>
    /// <returns>The connection, until then.</returns>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action<T> slot);

    /// <summary>
    /// Connects a slot to a target that the connection does not keep alive. When the target has been collected the slot is never called again,
    /// and the connection is removed by the signal's next emission or connect at the latest.
    /// </summary>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="target">What to pass to the slot while it is alive.</param>
    /// <param name="slot">What to run. A static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, T> slot)
        where TTarget : class;
}
