namespace Signals;

/// <summary>Slot object of a kind of this library for a signal with one argument.</summary>
internal sealed class KnownSlot<T>(Action<T> bound, SlotAdapter? adapter, int group = 0) : KnownSlot(bound, adapter, group), ISlot<T>
{
    public void Invoke(T value) => bound(value);
}
