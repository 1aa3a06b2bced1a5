using System.Diagnostics.CodeAnalysis;

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
        ThrowIfNotChainable(signal, target);
        return EndedIfDisposed(Connector.Connect(signal, new ChainSlot<Arguments<T>>(target)), target);
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
        ThrowIfNotChainable(signal, target);
        return EndedIfDisposed(Connector.Connect(signal, new ChainSlot<Arguments>(target)), target);
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
        ThrowIfNotChainable(signal, target);
        return EndedIfDisposed(Connector.Connect(signal, new ChainSlot<Arguments<T1, T2>>(target)), target);
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
        ThrowIfNotChainable(signal, target);
        return EndedIfDisposed(Connector.Connect(signal, new ChainSlot<Arguments<T1, T2, T3>>(target)), target);
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
        ThrowIfNotChainable(signal, target);
        return EndedIfDisposed(Connector.Connect(signal, new ChainSlot<Arguments<T1, T2, T3, T4>>(target)), target);
    }

    /// <summary>Throws if the target is null or the signal itself.</summary>
    private static void ThrowIfNotChainable(object signal, [NotNull] SignalBase? target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (ReferenceEquals(target, signal))
        {
            throw new ArgumentException($"A {target.TypeName} cannot be connected to itself: its emission would never end.", nameof(target));
        }
    }

    /// <summary>Ends a connection to a signal that has been disposed. A later disposal is found by the next emission or connect.</summary>
    private static ConnectionHandle EndedIfDisposed(ConnectionHandle connection, SignalBase target)
    {
        if (target.IsDisposed)
        {
            connection.Disconnect();
        }

        return connection;
    }
}
