namespace Signals;

/// <summary>List of entries in order, linked through the entries: adding and removing allocate no memory and cannot fail.</summary>
/// <remarks>A mutable struct. Not thread-safe.</remarks>
internal struct LinkedEntries<T>
    where T : class, ILinkedEntry<T>
{
    /// <summary>Gets the oldest entry, or null.</summary>
    internal T? First { get; private set; }

    /// <summary>Gets the newest entry, or null.</summary>
    internal T? Last { get; private set; }

    /// <summary>Gets the number of entries.</summary>
    internal int Count { get; private set; }

    internal void Add(T entry)
    {
        entry.Previous = Last;
        entry.Next = null;
        if (Last is { } last)
        {
            last.Next = entry;
        }
        else
        {
            First = entry;
        }

        Last = entry;
        Count++;
    }

    internal void Remove(T entry)
    {
        (T? previous, T? next) = (entry.Previous, entry.Next);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Next = next;
        }

        if (next is null)
        {
            Last = previous;
        }
        else
        {
            next.Previous = previous;
        }

        (entry.Previous, entry.Next) = (null, null);
        Count--;
    }
}
