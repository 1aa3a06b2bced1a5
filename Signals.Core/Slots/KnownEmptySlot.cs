namespace Signals;

/// <summary>Slot object of a kind of this library for a signal without arguments.</summary>
internal sealed class KnownEmptySlot(Action bound, SlotAdapter? adapter, int group = 0) : KnownSlot(bound, adapter, group), ISlot
{
    public void Invoke() => bound();
}
