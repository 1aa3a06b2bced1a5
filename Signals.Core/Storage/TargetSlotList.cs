namespace Signals;

/// <summary>
/// Unordered list of the connections of one signal and one kind whose targets may end before them. Linked through the slots, so that adding
/// and removing allocate no memory, and so that a check for ended targets does not walk the other connections.
/// </summary>
internal struct TargetSlotList
{
    /// <summary>Gets the slot that was added last, or null.</summary>
    internal ITargetSlot? First { get; private set; }

    /// <summary>Gets the number of slots in the list.</summary>
    internal int Count { get; private set; }

    internal void Add(ITargetSlot slot)
    {
        if (First is { } first)
        {
            first.Previous = slot;
            slot.Next = first;
        }

        First = slot;
        Count++;
    }

    internal void Remove(ITargetSlot slot)
    {
        ITargetSlot? previous = slot.Previous;
        ITargetSlot? next = slot.Next;
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Next = next;
        }

        next?.Previous = previous;

        // An active emission may still reference the slot, which must not keep the others alive.
        slot.Previous = null;
        slot.Next = null;
        Count--;
    }

    /// <summary>Removes all slots.</summary>
    internal void Clear()
    {
        while (First is { } first)
        {
            Remove(first);
        }
    }
}
