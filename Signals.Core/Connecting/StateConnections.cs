namespace Signals;

/// <summary>Extension methods that connect a slot together with a state. All methods are thread-safe.</summary>
public static class StateConnections
{
    /// <summary>Connects a slot with a state that is passed to it, so that the slot can be a static lambda instead of a closure.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="state">The value to pass to the slot as its first argument, which may be null.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T, TState>(this ISignal<T> signal, TState state, Action<TState, T> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new StateSlot<TState, Arguments<T>>(state, slot));
    }

    /// <summary>Connects a slot with a state that is passed to it, so that the slot can be a static lambda instead of a closure. See <see cref="Connect{T, TState}(ISignal{T}, TState, Action{TState, T})"/>.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="state">The value to pass to the slot as its first argument, which may be null.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<TState>(this ISignal signal, TState state, Action<TState> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new StateSlot<TState, Arguments>(state, slot));
    }

    /// <summary>Connects a slot with a state that is passed to it, so that the slot can be a static lambda instead of a closure. See <see cref="Connect{T, TState}(ISignal{T}, TState, Action{TState, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="state">The value to pass to the slot as its first argument, which may be null.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, TState>(this ISignal<T1, T2> signal, TState state, Action<TState, T1, T2> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new StateSlot<TState, Arguments<T1, T2>>(state, slot));
    }

    /// <summary>Connects a slot with a state that is passed to it, so that the slot can be a static lambda instead of a closure. See <see cref="Connect{T, TState}(ISignal{T}, TState, Action{TState, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="state">The value to pass to the slot as its first argument, which may be null.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3, TState>(this ISignal<T1, T2, T3> signal, TState state, Action<TState, T1, T2, T3> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new StateSlot<TState, Arguments<T1, T2, T3>>(state, slot));
    }

    /// <summary>Connects a slot with a state that is passed to it, so that the slot can be a static lambda instead of a closure. See <see cref="Connect{T, TState}(ISignal{T}, TState, Action{TState, T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="state">The value to pass to the slot as its first argument, which may be null.</param>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public static ConnectionHandle Connect<T1, T2, T3, T4, TState>(this ISignal<T1, T2, T3, T4> signal, TState state, Action<TState, T1, T2, T3, T4> slot)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(slot);
        return Connector.Connect(signal, new StateSlot<TState, Arguments<T1, T2, T3, T4>>(state, slot));
    }
}
