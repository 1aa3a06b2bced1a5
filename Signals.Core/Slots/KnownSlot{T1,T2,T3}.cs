namespace Signals;

/// <summary>Slot object of a kind of this library for a signal with three arguments.</summary>
internal sealed class KnownSlot<T1, T2, T3>(Action<T1, T2, T3> bound, SlotAdapter? adapter, int group = 0)
    : KnownSlot(bound, adapter, group),
        ISlot<T1, T2, T3>
{
    public void Invoke(T1 value1, T2 value2, T3 value3) => bound(value1, value2, value3);
}
