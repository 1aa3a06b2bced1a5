namespace Signals;

/// <summary>Extension methods that connect slots in groups. All methods are thread-safe.</summary>
public static class GroupedConnections
{
    /// <summary>Connects a slot with options, which specify its position in the order of the slots.</summary>
    /// <remarks>An implementation of the interface by another class that does not pass the slot object on to a signal ignores the options.</remarks>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <param name="options">The options.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T>(this ISignal<T> signal, Action<T> slot, ConnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(options);
        return signal.Connect(new KnownSlot<T>(slot, null, options.Group));
    }

    /// <summary>Connects a slot with options. See <see cref="Connect{T}(ISignal{T}, Action{T}, ConnectOptions)"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <param name="options">The options.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect(this ISignal signal, Action slot, ConnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(options);
        return signal.Connect(new KnownEmptySlot(slot, null, options.Group));
    }

    /// <summary>Connects a slot with options. See <see cref="Connect{T}(ISignal{T}, Action{T}, ConnectOptions)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <param name="options">The options.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2>(this ISignal<T1, T2> signal, Action<T1, T2> slot, ConnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(options);
        return signal.Connect(new KnownSlot<T1, T2>(slot, null, options.Group));
    }

    /// <summary>Connects a slot with options. See <see cref="Connect{T}(ISignal{T}, Action{T}, ConnectOptions)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <param name="options">The options.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3>(this ISignal<T1, T2, T3> signal, Action<T1, T2, T3> slot, ConnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(options);
        return signal.Connect(new KnownSlot<T1, T2, T3>(slot, null, options.Group));
    }

    /// <summary>Connects a slot with options. See <see cref="Connect{T}(ISignal{T}, Action{T}, ConnectOptions)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <param name="options">The options.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal, Action<T1, T2, T3, T4> slot, ConnectOptions options)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        ArgumentNullException.ThrowIfNull(options);
        return signal.Connect(new KnownSlot<T1, T2, T3, T4>(slot, null, options.Group));
    }
}
