namespace Signals;

/// <summary>
/// The subscriber's view of a signal with two arguments: slots can be connected to it, but it cannot be emitted. Differs from
/// <see cref="ISignal{T}"/> only in the number of arguments; see there for details.
/// </summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
public interface ISignal<out T1, out T2>
{
    /// <inheritdoc cref="ISignal{T}.Connect(ISlot{T})"/>
    ConnectionHandle Connect(ISlot<T1, T2> slot);
}
