namespace Signals;

/// <summary>
/// A slot of a signal with one argument, as an object: <see cref="ISignal{T}.Connect(ISlot{T})"/> accepts it. The extension methods that
/// connect delegates create such objects. Implement this interface for a new kind of slot, or to decorate the slots that a signal of your own
/// passes on to another one.
/// </summary>
/// <remarks>
/// <para>A slot object is used for a single connection. No member is called while a lock of this library is held.</para>
/// <para>A decorator passes on the calls of all members to the slot that it decorates.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public interface ISlot<in T> : ISlotLifetime
{
    /// <summary>
    /// Called for each emission, on the thread that emits. Several threads call it at the same time if they emit at the same time. Exceptions
    /// are those of a slot.
    /// </summary>
    /// <param name="value">The argument of the emission.</param>
    void Invoke(T value);
}
