namespace Signals;

/// <summary>The slots of a signal's blocked connections by the numbers of their indices.</summary>
internal sealed class BlockedSlots
{
    /// <summary>Number of places that are kept, however few connections are blocked.</summary>
    private const int Kept = 64;

    /// <summary>Memory is released when at most one in this many places is in use.</summary>
    private const int WasteRatio = 8;

    private readonly Dictionary<uint, Delegate> _slots = [];

    /// <summary>Number of blocked connections.</summary>
    internal int Count => _slots.Count;

    /// <summary>The slot of a blocked connection.</summary>
    internal Delegate this[uint index] => _slots[index];

    internal void Add(uint index, Delegate slot) => _slots.Add(index, slot);

    /// <summary>Removes the slot of a blocked connection. Never fails.</summary>
    internal Delegate Remove(uint index)
    {
        _slots.Remove(index, out Delegate? slot);
        if (_slots.Capacity > Kept && _slots.Count <= _slots.Capacity / WasteRatio)
        {
            TryTrim();
        }

        return slot!;
    }

    /// <summary>Releases the memory that the blocked connections do not need.</summary>
    internal void Trim() => _slots.TrimExcess();

    private void TryTrim()
    {
        try
        {
            _slots.TrimExcess(Math.Max(_slots.Count * 2, Kept / 2));
        }
        catch (OutOfMemoryException)
        {
            // The smaller array is allocated before the larger one is released. If that fails, nothing changes until the next removal.
        }
    }
}
