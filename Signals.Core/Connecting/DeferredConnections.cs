namespace Signals;

/// <summary>
/// Extension methods that connect slots that an evaluator runs: see <see cref="ConnectionEvaluator"/>. All methods are thread-safe.
/// </summary>
public static class DeferredConnections
{
    /// <summary>
    /// Connects a deferred slot, which an evaluator runs: an emission only queues an invocation with the arguments, and the slot runs where
    /// and when the evaluator is evaluated. When the connection ends, its queued invocations are removed from the evaluator.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferred<T>(this ISignal<T> signal, ConnectionEvaluator evaluator, Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new PlainDeferredSlot<Arguments<T>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot, which an evaluator runs. See <see cref="ConnectDeferred{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferred(this ISignal signal, ConnectionEvaluator evaluator, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new PlainDeferredSlot<Arguments>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot, which an evaluator runs. See <see cref="ConnectDeferred{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferred<T1, T2>(this ISignal<T1, T2> signal, ConnectionEvaluator evaluator, Action<T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new PlainDeferredSlot<Arguments<T1, T2>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot, which an evaluator runs. See <see cref="ConnectDeferred{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferred<T1, T2, T3>(this ISignal<T1, T2, T3> signal, ConnectionEvaluator evaluator, Action<T1, T2, T3> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new PlainDeferredSlot<Arguments<T1, T2, T3>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot, which an evaluator runs. See <see cref="ConnectDeferred{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
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
    public static ConnectionHandle ConnectDeferred<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        Action<T1, T2, T3, T4> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new PlainDeferredSlot<Arguments<T1, T2, T3, T4>>(evaluator, slot));
    }

    /// <summary>
    /// Connects a deferred slot with at most one queued invocation: if one is pending, an emission replaces its arguments, and the
    /// invocation keeps its position in the queue. Use it for a slot that needs the current value and not each intermediate one.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">
    /// The evaluator that runs the slot. When it is disposed, the connection ends. It counts replaced arguments as dropped invocations.
    /// </param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredLatest<T>(this ISignal<T> signal, ConnectionEvaluator evaluator, Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredLatestSlot<Arguments<T>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot with at most one queued invocation. See <see cref="ConnectDeferredLatest{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">
    /// The evaluator that runs the slot. When it is disposed, the connection ends. It counts replaced arguments as dropped invocations.
    /// </param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredLatest(this ISignal signal, ConnectionEvaluator evaluator, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredLatestSlot<Arguments>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot with at most one queued invocation. See <see cref="ConnectDeferredLatest{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">
    /// The evaluator that runs the slot. When it is disposed, the connection ends. It counts replaced arguments as dropped invocations.
    /// </param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredLatest<T1, T2>(this ISignal<T1, T2> signal, ConnectionEvaluator evaluator, Action<T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredLatestSlot<Arguments<T1, T2>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot with at most one queued invocation. See <see cref="ConnectDeferredLatest{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">
    /// The evaluator that runs the slot. When it is disposed, the connection ends. It counts replaced arguments as dropped invocations.
    /// </param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredLatest<T1, T2, T3>(
        this ISignal<T1, T2, T3> signal,
        ConnectionEvaluator evaluator,
        Action<T1, T2, T3> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredLatestSlot<Arguments<T1, T2, T3>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot with at most one queued invocation. See <see cref="ConnectDeferredLatest{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">
    /// The evaluator that runs the slot. When it is disposed, the connection ends. It counts replaced arguments as dropped invocations.
    /// </param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredLatest<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        Action<T1, T2, T3, T4> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredLatestSlot<Arguments<T1, T2, T3, T4>>(evaluator, slot));
    }

    /// <summary>
    /// Connects a deferred slot that receives the handle of its own connection, so that it can disconnect or block itself.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredReflective<T>(this ISignal<T> signal, ConnectionEvaluator evaluator, Action<ConnectionHandle, T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredReflectiveSlot<Arguments<T>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectDeferredReflective{T}(ISignal{T}, ConnectionEvaluator, Action{ConnectionHandle, T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredReflective(this ISignal signal, ConnectionEvaluator evaluator, Action<ConnectionHandle> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredReflectiveSlot<Arguments>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectDeferredReflective{T}(ISignal{T}, ConnectionEvaluator, Action{ConnectionHandle, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredReflective<T1, T2>(
        this ISignal<T1, T2> signal,
        ConnectionEvaluator evaluator,
        Action<ConnectionHandle, T1, T2> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredReflectiveSlot<Arguments<T1, T2>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectDeferredReflective{T}(ISignal{T}, ConnectionEvaluator, Action{ConnectionHandle, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredReflective<T1, T2, T3>(
        this ISignal<T1, T2, T3> signal,
        ConnectionEvaluator evaluator,
        Action<ConnectionHandle, T1, T2, T3> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredReflectiveSlot<Arguments<T1, T2, T3>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectDeferredReflective{T}(ISignal{T}, ConnectionEvaluator, Action{ConnectionHandle, T})"/>.</summary>
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
    public static ConnectionHandle ConnectDeferredReflective<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        Action<ConnectionHandle, T1, T2, T3, T4> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredReflectiveSlot<Arguments<T1, T2, T3, T4>>(evaluator, slot));
    }

    /// <summary>
    /// Connects a deferred slot for a single emission: the first emission queues an invocation, and later ones do not. The connection ends
    /// immediately before the slot runs; ending it earlier removes the queued invocation.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredSingleShot<T>(this ISignal<T> signal, ConnectionEvaluator evaluator, Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredSingleShotSlot<Arguments<T>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot for a single emission. See <see cref="ConnectDeferredSingleShot{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredSingleShot(this ISignal signal, ConnectionEvaluator evaluator, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredSingleShotSlot<Arguments>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot for a single emission. See <see cref="ConnectDeferredSingleShot{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredSingleShot<T1, T2>(this ISignal<T1, T2> signal, ConnectionEvaluator evaluator, Action<T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredSingleShotSlot<Arguments<T1, T2>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot for a single emission. See <see cref="ConnectDeferredSingleShot{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredSingleShot<T1, T2, T3>(
        this ISignal<T1, T2, T3> signal,
        ConnectionEvaluator evaluator,
        Action<T1, T2, T3> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredSingleShotSlot<Arguments<T1, T2, T3>>(evaluator, slot));
    }

    /// <summary>Connects a deferred slot for a single emission. See <see cref="ConnectDeferredSingleShot{T}(ISignal{T}, ConnectionEvaluator, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that runs the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredSingleShot<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        Action<T1, T2, T3, T4> slot
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new DeferredSingleShotSlot<Arguments<T1, T2, T3, T4>>(evaluator, slot));
    }
}
