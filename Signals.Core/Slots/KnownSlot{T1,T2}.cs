namespace Signals;

/// <summary>Slot object of a kind of this library for a signal with two arguments.</summary>
internal sealed class KnownSlot<T1, T2>(Action<T1, T2> bound, SlotAdapter? adapter, int group = 0) : KnownSlot(bound, adapter, group), ISlot<T1, T2>
{
    public void Invoke(T1 value1, T2 value2) => bound(value1, value2);
}
