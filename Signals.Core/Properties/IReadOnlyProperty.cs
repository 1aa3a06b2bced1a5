namespace Signals;

/// <summary>
/// A value with a signal: connecting to the property is connecting to its changes. <see cref="Property{T}"/> is a value that is set,
/// <see cref="Computed{T}"/> one that follows others.
/// </summary>
/// <remarks>All members are thread-safe.</remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public interface IReadOnlyProperty<out T> : ISignal<T>
{
    /// <summary>
    /// Gets the current value. If it is read inside a computation or an effect, that computation or effect follows the property.
    /// </summary>
    /// <exception cref="PropertyCycleException">The property is computed, and its computation needs its own result.</exception>
    /// <exception cref="Exception">The property is computed, and its computation threw this exception.</exception>
    T Value { get; }

    /// <summary>Returns the current value without making the running computation or effect follow the property.</summary>
    /// <returns>The current value.</returns>
    /// <exception cref="PropertyCycleException">The property is computed, and its computation needs its own result.</exception>
    /// <exception cref="Exception">The property is computed, and its computation threw this exception.</exception>
    T Peek();

    /// <summary>
    /// Connects a slot and calls it once with the current value before this method returns. Each later change calls it again. No change is
    /// lost or told twice between the two, and calls never overlap.
    /// </summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The property has been disposed.</exception>
    /// <exception cref="Exception">
    /// The computation of the property or the first call of the slot threw this exception. No connection is made.
    /// </exception>
    ConnectionHandle ConnectWithCurrent(Action<T> slot);
}
