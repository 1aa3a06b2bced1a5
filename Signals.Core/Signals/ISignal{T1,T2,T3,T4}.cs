namespace Signals;

/// <summary>
/// The subscriber's view of a signal with four arguments: slots can be connected to it, but it cannot be emitted. Differs from
/// <see cref="ISignal{T}"/> only in the number of arguments; see there for details.
/// </summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
/// <typeparam name="T3">The type of the third argument.</typeparam>
/// <typeparam name="T4">The type of the fourth argument.</typeparam>
public interface ISignal<out T1, out T2, out T3, out T4>
{
    /// <inheritdoc cref="ISignal{T}.Connect(ISlot{T})"/>
    ConnectionHandle Connect(ISlot<T1, T2, T3, T4> slot);
}
