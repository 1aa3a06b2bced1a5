namespace Signals;

/// <summary>Extension methods that connect asynchronous slots. All methods are thread-safe.</summary>
public static class AsyncConnections
{
    /// <summary>
    /// Connects an asynchronous slot. An emission starts it and does not wait for it, unless it is an asynchronous emission. By default, an
    /// emission that finds the slot running is queued.
    /// </summary>
    /// <remarks>
    /// <para>The slot runs on the emitting thread up to its first <see langword="await"/> that waits. Exceptions do not reach the emission: see
    /// <see cref="AsyncSlotOptions.ExceptionHandler"/>. The connection stands after an exception.</para>
    /// <para>The token that is passed to the slot is canceled when the connection ends for any reason. Disconnecting drops the queued emissions
    /// and does not wait for the run: use <see cref="ConnectionHandle.DisconnectAsync"/> for that. Callbacks of the token run on the thread
    /// pool.</para>
    /// <para>A slot that completes synchronously allocates no memory.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectAsync<T>(this ISignal<T> signal, Func<T, CancellationToken, ValueTask> slot, AsyncSlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T>>(slot, options, null));
    }

    /// <summary>Connects an asynchronous slot. See <see cref="ConnectAsync{T}"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectAsync(this ISignal signal, Func<CancellationToken, ValueTask> slot, AsyncSlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments>(slot, options, null));
    }

    /// <summary>Connects an asynchronous slot. See <see cref="ConnectAsync{T}"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectAsync<T1, T2>(
        this ISignal<T1, T2> signal,
        Func<T1, T2, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T1, T2>>(slot, options, null));
    }

    /// <summary>Connects an asynchronous slot. See <see cref="ConnectAsync{T}"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectAsync<T1, T2, T3>(
        this ISignal<T1, T2, T3> signal,
        Func<T1, T2, T3, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T1, T2, T3>>(slot, options, null));
    }

    /// <summary>Connects an asynchronous slot. See <see cref="ConnectAsync{T}"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectAsync<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        Func<T1, T2, T3, T4, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T1, T2, T3, T4>>(slot, options, null));
    }

    /// <summary>
    /// Connects an asynchronous slot that an evaluator starts. What follows an <see langword="await"/> comes back to the evaluator, unless the
    /// slot uses <see cref="Task.ConfigureAwait(bool)"/>: the rounds of the evaluator have a synchronization context of their own.
    /// </summary>
    /// <remarks>
    /// <para>A run begins with the emission that queues it. Slots of one evaluator never run at the same time, the parts between two
    /// <see langword="await"/>s included. A continuation counts as pending and as run, but not against the capacity of the evaluator, and it
    /// is never dropped. When the evaluator has been disposed, continuations run on the thread pool.</para>
    /// <para>See <see cref="ConnectAsync{T}"/> for the rest.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that starts the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="signal"/>, <paramref name="evaluator"/> or <paramref name="slot"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredAsync<T>(
        this ISignal<T> signal,
        ConnectionEvaluator evaluator,
        Func<T, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T>>(slot, options, evaluator));
    }

    /// <summary>Connects an asynchronous slot that an evaluator starts. See <see cref="ConnectDeferredAsync{T}"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that starts the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="signal"/>, <paramref name="evaluator"/> or <paramref name="slot"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredAsync(
        this ISignal signal,
        ConnectionEvaluator evaluator,
        Func<CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments>(slot, options, evaluator));
    }

    /// <summary>Connects an asynchronous slot that an evaluator starts. See <see cref="ConnectDeferredAsync{T}"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that starts the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="signal"/>, <paramref name="evaluator"/> or <paramref name="slot"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredAsync<T1, T2>(
        this ISignal<T1, T2> signal,
        ConnectionEvaluator evaluator,
        Func<T1, T2, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T1, T2>>(slot, options, evaluator));
    }

    /// <summary>Connects an asynchronous slot that an evaluator starts. See <see cref="ConnectDeferredAsync{T}"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that starts the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="signal"/>, <paramref name="evaluator"/> or <paramref name="slot"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredAsync<T1, T2, T3>(
        this ISignal<T1, T2, T3> signal,
        ConnectionEvaluator evaluator,
        Func<T1, T2, T3, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T1, T2, T3>>(slot, options, evaluator));
    }

    /// <summary>Connects an asynchronous slot that an evaluator starts. See <see cref="ConnectDeferredAsync{T}"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="evaluator">The evaluator that starts the slot. When it is disposed, the connection ends.</param>
    /// <param name="slot">The delegate to run, with a token that is canceled when the connection ends.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="signal"/>, <paramref name="evaluator"/> or <paramref name="slot"/> is null.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The signal or the evaluator has been disposed.</exception>
    public static ConnectionHandle ConnectDeferredAsync<T1, T2, T3, T4>(
        this ISignal<T1, T2, T3, T4> signal,
        ConnectionEvaluator evaluator,
        Func<T1, T2, T3, T4, CancellationToken, ValueTask> slot,
        AsyncSlotOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, AsyncSlots.Create<Arguments<T1, T2, T3, T4>>(slot, options, evaluator));
    }
}
