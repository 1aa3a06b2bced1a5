namespace Signals;

/// <summary>Extension methods that connect slots for which emissions wait while an evaluator runs them. All methods are thread-safe.</summary>
public static class BlockingConnections
{
    /// <summary>
    /// Connects a slot that an evaluator runs while the emission waits: an emission queues an invocation and returns when the slot has run.
    /// </summary>
    /// <remarks>
    /// <para>The emission throws what the slot throws; the evaluation does not. An emission from a slot of the same evaluator runs the slot at
    /// once. A slot that has begun is awaited to its end. An invocation that has not begun is given up, and the emission returns, when the
    /// connection ends, the evaluator is disposed, or its capacity drops the invocation.</para>
    /// <para>An emission waits forever if no thread evaluates, for example if it holds a lock for which a slot of the evaluator waits.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectBlocking<T>(this ISignal<T> signal, ConnectionEvaluator evaluator, Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new BlockingSlot<Arguments<T>>(evaluator, slot));
    }

    /// <summary>
    /// Connects a slot that an evaluator runs while the emission waits. See
    /// <see cref="ConnectBlocking{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.
    /// </summary>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectBlocking(this ISignal signal, ConnectionEvaluator evaluator, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new BlockingSlot<Arguments>(evaluator, slot));
    }

    /// <summary>
    /// Connects a slot that an evaluator runs while the emission waits. See
    /// <see cref="ConnectBlocking{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectBlocking<T1, T2>(this ISignal<T1, T2> signal, ConnectionEvaluator evaluator, Action<T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new BlockingSlot<Arguments<T1, T2>>(evaluator, slot));
    }

    /// <summary>
    /// Connects a slot that an evaluator runs while the emission waits. See
    /// <see cref="ConnectBlocking{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectBlocking<T1, T2, T3>(this ISignal<T1, T2, T3> signal, ConnectionEvaluator evaluator, Action<T1, T2, T3> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new BlockingSlot<Arguments<T1, T2, T3>>(evaluator, slot));
    }

    /// <summary>
    /// Connects a slot that an evaluator runs while the emission waits. See
    /// <see cref="ConnectBlocking{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectBlocking<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        Action<T1, T2, T3, T4> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new BlockingSlot<Arguments<T1, T2, T3, T4>>(evaluator, slot));
    }
}
