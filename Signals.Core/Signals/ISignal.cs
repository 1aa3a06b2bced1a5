namespace Signals;

/// <summary>
/// The subscriber's view of a signal without arguments: slots can be connected to it, but it cannot be emitted. Differs from
/// <see cref="ISignal{T}"/> only in the number of arguments; see there for details.
/// </summary>
public interface ISignal
{
    /// <inheritdoc cref="ISignal{T}.Connect(ISlot{T})"/>
    ConnectionHandle Connect(ISlot slot);
}
