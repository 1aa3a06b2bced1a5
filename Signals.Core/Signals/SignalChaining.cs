namespace Signals;

/// <summary>
/// Extension methods that connect other signals as slots to signals that are exposed as interfaces. <see cref="Signal{T}"/> itself has an
/// equivalent method.
/// </summary>
/// <remarks>
/// <para>The connection keeps the other signal alive, like a slot, and ends when either signal is disposed: the connection to a disposed
/// signal is removed by the next emission, or when further signals are connected.</para>
/// <para>Signals that are connected in a cycle emit one another without end.</para>
/// <para>All methods are thread-safe.</para>
/// </remarks>
public static class SignalChaining
{
    /// <summary>Connects another signal, which is emitted with the same arguments whenever this signal is emitted.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="signal">The signal whose emissions are forwarded.</param>
    /// <param name="target">The signal to emit.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is <paramref name="signal"/>.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="signal"/> has been disposed.</exception>
    public static ConnectionHandle Connect<T>(this ISignal<T> signal, Signal<T> target)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is SignalBase known)
        {
            return known.ConnectChained<Arguments<T>>(target);
        }

        ArgumentNullException.ThrowIfNull(target);
        ConnectionHandle connection = signal.ConnectReflective(
            (handle, value) =>
            {
                if (target.IsDisposed)
                {
                    handle.Disconnect();
                }
                else
                {
                    target.Emit(value);
                }
            }
        );
        return EndedIfDisposed(connection, target);
    }

    /// <summary>
    /// Connects another signal, which is emitted with the same arguments whenever this signal is emitted. See
    /// <see cref="Connect{T}(ISignal{T}, Signal{T})"/>.
    /// </summary>
    /// <param name="signal">The signal whose emissions are forwarded.</param>
    /// <param name="target">The signal to emit.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is <paramref name="signal"/>.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="signal"/> has been disposed.</exception>
    public static ConnectionHandle Connect(this ISignal signal, Signal target)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is SignalBase known)
        {
            return known.ConnectChained<Arguments>(target);
        }

        ArgumentNullException.ThrowIfNull(target);
        ConnectionHandle connection = signal.ConnectReflective(handle =>
        {
            if (target.IsDisposed)
            {
                handle.Disconnect();
            }
            else
            {
                target.Emit();
            }
        });
        return EndedIfDisposed(connection, target);
    }

    /// <summary>
    /// Connects another signal, which is emitted with the same arguments whenever this signal is emitted. See
    /// <see cref="Connect{T}(ISignal{T}, Signal{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal whose emissions are forwarded.</param>
    /// <param name="target">The signal to emit.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is <paramref name="signal"/>.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="signal"/> has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2>(this ISignal<T1, T2> signal, Signal<T1, T2> target)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is SignalBase known)
        {
            return known.ConnectChained<Arguments<T1, T2>>(target);
        }

        ArgumentNullException.ThrowIfNull(target);
        ConnectionHandle connection = signal.ConnectReflective(
            (handle, value1, value2) =>
            {
                if (target.IsDisposed)
                {
                    handle.Disconnect();
                }
                else
                {
                    target.Emit(value1, value2);
                }
            }
        );
        return EndedIfDisposed(connection, target);
    }

    /// <summary>
    /// Connects another signal, which is emitted with the same arguments whenever this signal is emitted. See
    /// <see cref="Connect{T}(ISignal{T}, Signal{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal whose emissions are forwarded.</param>
    /// <param name="target">The signal to emit.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is <paramref name="signal"/>.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="signal"/> has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3>(this ISignal<T1, T2, T3> signal, Signal<T1, T2, T3> target)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is SignalBase known)
        {
            return known.ConnectChained<Arguments<T1, T2, T3>>(target);
        }

        ArgumentNullException.ThrowIfNull(target);
        ConnectionHandle connection = signal.ConnectReflective(
            (handle, value1, value2, value3) =>
            {
                if (target.IsDisposed)
                {
                    handle.Disconnect();
                }
                else
                {
                    target.Emit(value1, value2, value3);
                }
            }
        );
        return EndedIfDisposed(connection, target);
    }

    /// <summary>
    /// Connects another signal, which is emitted with the same arguments whenever this signal is emitted. See
    /// <see cref="Connect{T}(ISignal{T}, Signal{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal whose emissions are forwarded.</param>
    /// <param name="target">The signal to emit.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is <paramref name="signal"/>.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="signal"/> has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal, Signal<T1, T2, T3, T4> target)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is SignalBase known)
        {
            return known.ConnectChained<Arguments<T1, T2, T3, T4>>(target);
        }

        ArgumentNullException.ThrowIfNull(target);
        ConnectionHandle connection = signal.ConnectReflective(
            (handle, value1, value2, value3, value4) =>
            {
                if (target.IsDisposed)
                {
                    handle.Disconnect();
                }
                else
                {
                    target.Emit(value1, value2, value3, value4);
                }
            }
        );
        return EndedIfDisposed(connection, target);
    }

    private static ConnectionHandle EndedIfDisposed(ConnectionHandle connection, SignalBase target)
    {
        if (target.IsDisposed)
        {
            connection.Disconnect();
        }

        return connection;
    }
}
