namespace Signals;

/// <summary>
/// Extension methods that connect plain delegates. <see cref="Signal{T}"/> itself has equivalent methods. All methods are thread-safe.
/// </summary>
public static class PlainConnections
{
    /// <summary>Connects a slot, which runs in every later emission.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T>(this ISignal<T> signal, Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot, null);
    }

    /// <summary>Connects a slot, which runs in every later emission. See <see cref="Connect{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect(this ISignal signal, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot, null);
    }

    /// <summary>Connects a slot, which runs in every later emission. See <see cref="Connect{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2>(this ISignal<T1, T2> signal, Action<T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot, null);
    }

    /// <summary>Connects a slot, which runs in every later emission. See <see cref="Connect{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3>(this ISignal<T1, T2, T3> signal, Action<T1, T2, T3> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot, null);
    }

    /// <summary>Connects a slot, which runs in every later emission. See <see cref="Connect{T}(ISignal{T}, Action{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal, Action<T1, T2, T3, T4> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot, null);
    }

    /// <summary>Connects a slot that does not take the arguments of the signal.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T>(this ISignal<T> signal, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot.Call, null);
    }

    /// <summary>Connects a slot that does not take the arguments of the signal. See <see cref="Connect{T}(ISignal{T}, Action)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2>(this ISignal<T1, T2> signal, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot.Call, null);
    }

    /// <summary>Connects a slot that does not take the arguments of the signal. See <see cref="Connect{T}(ISignal{T}, Action)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3>(this ISignal<T1, T2, T3> signal, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot.Call, null);
    }

    /// <summary>Connects a slot that does not take the arguments of the signal. See <see cref="Connect{T}(ISignal{T}, Action)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal, Action slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, slot.Call, null);
    }
}
