namespace Signals;

/// <summary>The slots of a signal's blocked connections by the numbers of their indices.</summary>
internal sealed class BlockedSlots
{
    /// <summary>Room that is kept, however few are blocked.</summary>
    private const int Kept = 64;

    /// <summary>Memory is given back when no more than one in so many places is in use.</summary>
    private const int WasteRatio = 8;

    private readonly Dictionary<uint, Delegate> _slots = [];

    /// <summary>Number of blocked connections.</summary>
    internal int Count => _slots.Count;

    /// <summary>The slot of a blocked connection.</summary>
    internal Delegate this[uint index] => _slots[index];

    internal void Add(uint index, Delegate slot) => _slots.Add(index, slot);

    /// <summary>Takes the slot of a blocked connection out. Never fails.</summary>
    internal Delegate Remove(uint index)
    {
        _slots.Remove(index, out Delegate? slot);
        if (_slots.Capacity > Kept && _slots.Count <= _slots.Capacity / WasteRatio)
        {
            TryTrim();
        }

        return slot!;
    }

    /// <summary>Gives back the memory that those that are blocked do not need.</summary>
    internal void Trim() => _slots.TrimExcess();

    private void TryTrim()
    {
        try
        {
            _slots.TrimExcess(Math.Max(_slots.Count * 2, Kept / 2));
        }
        catch (OutOfMemoryException)
        {
            // Smaller memory has to be had before the larger is given back. Without it all stays as it is, until the next removal.
        }
    }
}
