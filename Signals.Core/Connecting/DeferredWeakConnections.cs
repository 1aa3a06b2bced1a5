namespace Signals;

/// <summary>
/// Extension methods that connect slots that an evaluator runs and whose target the connection does not keep alive. All methods are thread-safe.
/// </summary>
public static class DeferredWeakConnections
{
    /// <summary>
    /// Connects a deferred slot with a target that neither the connection nor its queued invocations keep alive. When the target has been
    /// garbage-collected, queued invocations do not run, and the next emission of the signal, or the next call that connects a slot to it, ends
    /// the connection at the latest.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredWeak<T, TTarget>(
        this ISignal<T> signal,
        ConnectionEvaluator evaluator,
        TTarget target,
        Action<TTarget, T> slot
    )
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        WeakTargets.ThrowIfKeptAlive(target, slot);
        return Connector.Connect(signal, new DeferredWeakSlot<TTarget, Arguments<T>>(evaluator, target, slot));
    }

    /// <summary>
    /// Connects a deferred slot with a target that neither the connection nor its queued invocations keep alive. See
    /// <see cref="ConnectDeferredWeak{T, TTarget}(ISignal{T}, ConnectionEvaluator, TTarget, Action{TTarget, T})"/>.
    /// </summary>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredWeak<TTarget>(this ISignal signal, ConnectionEvaluator evaluator, TTarget target, Action<TTarget> slot)
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        WeakTargets.ThrowIfKeptAlive(target, slot);
        return Connector.Connect(signal, new DeferredWeakSlot<TTarget, Arguments>(evaluator, target, slot));
    }

    /// <summary>
    /// Connects a deferred slot with a target that neither the connection nor its queued invocations keep alive. See
    /// <see cref="ConnectDeferredWeak{T, TTarget}(ISignal{T}, ConnectionEvaluator, TTarget, Action{TTarget, T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredWeak<T1, T2, TTarget>(
        this ISignal<T1, T2> signal,
        ConnectionEvaluator evaluator,
        TTarget target,
        Action<TTarget, T1, T2> slot
    )
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        WeakTargets.ThrowIfKeptAlive(target, slot);
        return Connector.Connect(signal, new DeferredWeakSlot<TTarget, Arguments<T1, T2>>(evaluator, target, slot));
    }

    /// <summary>
    /// Connects a deferred slot with a target that neither the connection nor its queued invocations keep alive. See
    /// <see cref="ConnectDeferredWeak{T, TTarget}(ISignal{T}, ConnectionEvaluator, TTarget, Action{TTarget, T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredWeak<T1, T2, T3, TTarget>(
        this ISignal<T1, T2, T3> signal,
        ConnectionEvaluator evaluator,
        TTarget target,
        Action<TTarget, T1, T2, T3> slot
    )
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        WeakTargets.ThrowIfKeptAlive(target, slot);
        return Connector.Connect(signal, new DeferredWeakSlot<TTarget, Arguments<T1, T2, T3>>(evaluator, target, slot));
    }

    /// <summary>
    /// Connects a deferred slot with a target that neither the connection nor its queued invocations keep alive. See
    /// <see cref="ConnectDeferredWeak{T, TTarget}(ISignal{T}, ConnectionEvaluator, TTarget, Action{TTarget, T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredWeak<T1, T2, T3, T4, TTarget>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        TTarget target,
        Action<TTarget, T1, T2, T3, T4> slot
    )
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        WeakTargets.ThrowIfKeptAlive(target, slot);
        return Connector.Connect(signal, new DeferredWeakSlot<TTarget, Arguments<T1, T2, T3, T4>>(evaluator, target, slot));
    }
}
