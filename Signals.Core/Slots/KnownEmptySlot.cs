namespace Signals;

/// <summary>Slot object of a kind of this library for a signal without arguments.</summary>
internal sealed class KnownEmptySlot(Action bound, SlotAdapter? adapter) : KnownSlot(bound, adapter), ISlot
{
    public void Invoke() => bound();
}
