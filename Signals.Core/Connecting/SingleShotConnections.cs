namespace Signals;

/// <summary>Extension methods that connect slots for a single emission. All methods are thread-safe.</summary>
public static class SingleShotConnections
{
    /// <summary>
    /// Connects a slot for a single emission. The connection ends immediately before the slot runs, so the slot runs only once, even if it
    /// emits the signal itself or several threads emit at the same time.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectSingleShot<T>(this ISignal<T> signal, Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new SingleShotSlot<Arguments<T>>(slot));
    }

    /// <summary>Connects a slot for a single emission. See <see cref="ConnectSingleShot{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectSingleShot(this ISignal signal, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new SingleShotSlot<Arguments>(slot));
    }

    /// <summary>Connects a slot for a single emission. See <see cref="ConnectSingleShot{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectSingleShot<T1, T2>(this ISignal<T1, T2> signal, Action<T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new SingleShotSlot<Arguments<T1, T2>>(slot));
    }

    /// <summary>Connects a slot for a single emission. See <see cref="ConnectSingleShot{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectSingleShot<T1, T2, T3>(this ISignal<T1, T2, T3> signal, Action<T1, T2, T3> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new SingleShotSlot<Arguments<T1, T2, T3>>(slot));
    }

    /// <summary>Connects a slot for a single emission. See <see cref="ConnectSingleShot{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which becomes inactive immediately before the slot runs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectSingleShot<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal, Action<T1, T2, T3, T4> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new SingleShotSlot<Arguments<T1, T2, T3, T4>>(slot));
    }
}
