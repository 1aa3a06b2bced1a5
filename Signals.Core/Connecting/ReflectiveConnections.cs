namespace Signals;

/// <summary>Extension methods that connect slots that receive their own handle. All methods are thread-safe.</summary>
public static class ReflectiveConnections
{
    /// <summary>Connects a slot that receives the handle of its own connection, so that it can disconnect or block itself.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectReflective<T>(this ISignal<T> signal, Action<ConnectionHandle, T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new ReflectiveSlot<Arguments<T>>(slot));
    }

    /// <summary>Connects a slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectReflective{T}(ISignal{T}, Action{ConnectionHandle, T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectReflective(this ISignal signal, Action<ConnectionHandle> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new ReflectiveSlot<Arguments>(slot));
    }

    /// <summary>Connects a slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectReflective{T}(ISignal{T}, Action{ConnectionHandle, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectReflective<T1, T2>(this ISignal<T1, T2> signal, Action<ConnectionHandle, T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new ReflectiveSlot<Arguments<T1, T2>>(slot));
    }

    /// <summary>Connects a slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectReflective{T}(ISignal{T}, Action{ConnectionHandle, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectReflective<T1, T2, T3>(this ISignal<T1, T2, T3> signal, Action<ConnectionHandle, T1, T2, T3> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new ReflectiveSlot<Arguments<T1, T2, T3>>(slot));
    }

    /// <summary>Connects a slot that receives the handle of its own connection, so that it can disconnect or block itself. See <see cref="ConnectReflective{T}(ISignal{T}, Action{ConnectionHandle, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectReflective<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal, Action<ConnectionHandle, T1, T2, T3, T4> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new ReflectiveSlot<Arguments<T1, T2, T3, T4>>(slot));
    }
}
