namespace Signals;

/// <summary>
/// The connections of one signal and one kind whose targets may end before them, in no order. Linked through the slots: adding and removing need no
/// memory, and looking for targets that have ended does not walk the other connections.
/// </summary>
internal struct TargetSlotList
{
    /// <summary>The slot that was added last, or null.</summary>
    internal ITargetSlot? First { get; private set; }

    /// <summary>Number of slots in the list.</summary>
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

        // An emission may still hold the slot, which must not keep the others alive.
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
