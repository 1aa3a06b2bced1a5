namespace Signals;

/// <summary>Slot object of a kind of this library for a signal with four arguments.</summary>
internal sealed class KnownSlot<T1, T2, T3, T4>(Action<T1, T2, T3, T4> bound, SlotAdapter? adapter, int group = 0)
    : KnownSlot(bound, adapter, group),
        ISlot<T1, T2, T3, T4>
{
    public void Invoke(T1 value1, T2 value2, T3 value3, T4 value4) => bound(value1, value2, value3, value4);
}
