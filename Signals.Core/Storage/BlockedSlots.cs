namespace Signals;

/// <summary>Slots of a signal's blocked connections, by the numbers of their indices.</summary>
internal sealed class BlockedSlots
{
    /// <summary>Minimum capacity, which is kept even if fewer connections are blocked.</summary>
    private const int Kept = 64;

    /// <summary>Ratio of capacity to count at which memory is released.</summary>
    private const int WasteRatio = 8;

    private readonly Dictionary<uint, Delegate> _slots = [];

    /// <summary>Gets the number of blocked connections.</summary>
    internal int Count => _slots.Count;

    /// <summary>Gets the slot of a blocked connection.</summary>
    internal Delegate this[uint index] => _slots[index];

    internal void Add(uint index, Delegate slot) => _slots.Add(index, slot);

    /// <summary>Removes and returns the slot of a blocked connection. Cannot fail.</summary>
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
