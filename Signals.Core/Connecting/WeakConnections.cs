namespace Signals;

/// <summary>Extension methods that connect slots whose target the connection does not keep alive. All methods are thread-safe.</summary>
public static class WeakConnections
{
    /// <summary>
    /// Connects a slot with a target that the connection does not keep alive. When the target has been garbage-collected, the slot is not
    /// called again, and the next emission of the signal, or the next call that connects a slot to it, ends the connection at the
    /// latest.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectWeak<T, TTarget>(this ISignal<T> signal, TTarget target, Action<TTarget, T> slot)
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, WeakSlot<TTarget, Arguments<T>>.Create(target, slot));
    }

    /// <summary>Connects a slot with a target that the connection does not keep alive. See <see cref="ConnectWeak{T, TTarget}(ISignal{T}, TTarget, Action{TTarget, T})"/>.</summary>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectWeak<TTarget>(this ISignal signal, TTarget target, Action<TTarget> slot)
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, WeakSlot<TTarget, Arguments>.Create(target, slot));
    }

    /// <summary>Connects a slot with a target that the connection does not keep alive. See <see cref="ConnectWeak{T, TTarget}(ISignal{T}, TTarget, Action{TTarget, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectWeak<T1, T2, TTarget>(this ISignal<T1, T2> signal, TTarget target, Action<TTarget, T1, T2> slot)
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, WeakSlot<TTarget, Arguments<T1, T2>>.Create(target, slot));
    }

    /// <summary>Connects a slot with a target that the connection does not keep alive. See <see cref="ConnectWeak{T, TTarget}(ISignal{T}, TTarget, Action{TTarget, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectWeak<T1, T2, T3, TTarget>(this ISignal<T1, T2, T3> signal, TTarget target, Action<TTarget, T1, T2, T3> slot)
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, WeakSlot<TTarget, Arguments<T1, T2, T3>>.Create(target, slot));
    }

    /// <summary>Connects a slot with a target that the connection does not keep alive. See <see cref="ConnectWeak{T, TTarget}(ISignal{T}, TTarget, Action{TTarget, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="TTarget">The type of the target.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="target">The object to pass to the slot as its first argument while it is alive.</param>
    /// <param name="slot">The delegate to run, preferably a static lambda: a slot that captures the target keeps it alive.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="slot"/> is a method of <paramref name="target"/> itself.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle ConnectWeak<T1, T2, T3, T4, TTarget>(
        this ISignal<T1, T2, T3, T4> signal,
        TTarget target,
        Action<TTarget, T1, T2, T3, T4> slot
    )
        where TTarget : class
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, WeakSlot<TTarget, Arguments<T1, T2, T3, T4>>.Create(target, slot));
    }
}
