namespace Signals;

/// <summary>
/// The connections of one signal and one kind whose targets may go before them, in no order. Linked through the slots: adding and removing take no
/// memory, and looking for targets that have gone does not walk the other connections.
/// </summary>
internal struct TargetSlotList
{
    /// <summary>The one that was added last, or null.</summary>
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

        // An emission may still hold the slot: it must not keep alive the others.
        slot.Previous = null;
        slot.Next = null;
        Count--;
    }

    /// <summary>Removes all.</summary>
    internal void Clear()
    {
        while (First is { } first)
        {
            Remove(first);
        }
    }
}
