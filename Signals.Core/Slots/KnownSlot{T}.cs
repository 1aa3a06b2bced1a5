namespace Signals;

/// <summary>Slot object of a kind of this library for a signal with one argument.</summary>
internal sealed class KnownSlot<T>(Action<T> bound, SlotAdapter? adapter) : KnownSlot(bound, adapter), ISlot<T>
{
    public void Invoke(T value) => bound(value);
}
