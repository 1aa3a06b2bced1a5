using System.Diagnostics;
using System.Numerics;

namespace Signals;

/// <summary>
/// Values in the order in which they were added. A place is never filled twice and never moves; erasing leaves a hole, and runs of
/// holes are stepped over in one go, so that walking costs what is left and not what has been. Growing adds a chunk and copies nothing.
/// </summary>
/// <remarks>
/// One thread changes a table while others may walk it without a lock, up to a <see cref="Used"/> that they read once. That is why a
/// change is always written in the order in which a walker may meet it: the value and its id before <see cref="Used"/>, a value's removal
/// before the hole.
/// </remarks>
internal sealed class DenseTable<T>
{
    /// <summary>A table has a spare for a time when no more than one in so many of its places is in use.</summary>
    private const int SpareRatio = 16;

    private ChunkedArray<DenseEntry<T>> _entries;

    /// <summary>How many places have been filled, holes included.</summary>
    internal int Used;

    /// <summary>Whether a value's index is its position, so that nobody needs a table to look it up in. Once it is false it stays so.</summary>
    internal volatile bool IsDirect;

    /// <summary>Whether whoever walks the table has to tell its owner more than the values.</summary>
    internal bool IsTracked;

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">How many places it has to begin with.</param>
    /// <param name="spare">The spare of the table that this one replaces.</param>
    internal DenseTable(int capacity, DenseTable<T>? spare = null)
    {
        _entries = new ChunkedArray<DenseEntry<T>>(capacity);
        Capacity = capacity;
        Spare = spare;
        MakeSpare();
    }

    /// <summary>How many places there are in all chunks.</summary>
    internal int Capacity { get; private set; }

    /// <summary>
    /// A small empty table to move to when few values are left, so that erasing never allocates; null for a table that is small itself.
    /// It has a spare of its own.
    /// </summary>
    internal DenseTable<T>? Spare { get; private set; }

    /// <summary>Indicates whether a table that is made with a capacity takes less memory than this one.</summary>
    internal bool IsLargerThan(int capacity) =>
        Capacity > capacity || (Spare is { } spare && spare.Capacity > SpareCapacity(Capacity));

    /// <summary>The place at a position.</summary>
    internal ref DenseEntry<T> this[int position] => ref _entries[position];

    /// <summary>The first chunk, for walks that seldom go further.</summary>
    internal DenseEntry<T>[] First => _entries.First;

    /// <summary>Whether the place whose position is the index's number is in use by it. Safe beside a thread that changes the table.</summary>
    internal bool IsDirectlyAt(GenIndex index) =>
        index.Index < (uint)Volatile.Read(ref Used) && Volatile.Read(ref this[(int)index.Index].Id) == DenseId.Live(index);

    /// <summary>The chunk that holds a position, and the position of its first place.</summary>
    internal DenseEntry<T>[] ChunkOf(int position, out int start) => _entries.ChunkOf(position, out start)!;

    /// <summary>Adds a value behind all others. The table must have room.</summary>
    internal void Add(T value, GenIndex index)
    {
        ref DenseEntry<T> entry = ref this[Used];
        entry.Id = DenseId.Live(index);
        entry.Value = value;
        Volatile.Write(ref Used, Used + 1);
    }

    /// <summary>Makes a hole of a place, and one run of it and the holes beside it. Returns the value that was there.</summary>
    internal T Erase(int position)
    {
        DenseEntry<T>[] chunk = ChunkOf(position, out int start);
        int first = position - start;
        int last = first;
        ref DenseEntry<T> entry = ref chunk[first];
        T value = entry.Value;
        entry.Value = default!;
        if (first > 0)
        {
            first -= DenseId.RunLength(chunk[first - 1].Id);
        }

        if (last + 1 < chunk.Length)
        {
            last += DenseId.RunLength(chunk[last + 1].Id);
        }

        int length = last - first + 1;
        Volatile.Write(ref entry.Id, DenseId.Hole(1));
        Volatile.Write(ref chunk[last].Id, DenseId.HoleEnd(length));
        Volatile.Write(ref chunk[first].Id, DenseId.Hole(length));
        return value;
    }

    /// <summary>Adds as many places as there are. The capacity must be a power of two.</summary>
    internal void AddChunk()
    {
        Debug.Assert(BitOperations.IsPow2(Capacity));
        _entries.Grow();
        Capacity = _entries.Capacity;
        MakeSpare();
    }

    /// <summary>
    /// The position of the first place in use at or behind <paramref name="position"/>, or <see cref="Used"/> where there is none.
    /// </summary>
    internal int NextLive(int position)
    {
        while (position < Used)
        {
            ulong id = this[position].Id;
            if (DenseId.IsLive(id))
            {
                break;
            }

            position += DenseId.Step(id);
        }

        return position;
    }

    /// <summary>
    /// Copies the values in use, in order, to an empty table, and tells the indices where they are now. A direct table must have no holes.
    /// </summary>
    internal void CopyTo(DenseTable<T> target, GenIndexTable indices)
    {
        Span<DenseEntry<T>> copies = target._entries.First;
        int count = 0;
        for (int position = 0; position < Used; )
        {
            Span<DenseEntry<T>> places = PlacesFrom(position);
            int i = 0;
            while (i < places.Length)
            {
                ulong id = places[i].Id;
                if (DenseId.IsLive(id))
                {
                    if (!IsDirect)
                    {
                        indices.Move(DenseId.Index(id), count);
                    }

                    copies[count++] = places[i++];
                }
                else
                {
                    i += DenseId.Step(id);
                }
            }

            position += i;
        }

        Debug.Assert(!IsDirect || count == Used);
        target.Used = count;
        target.IsDirect = IsDirect;
    }

    /// <summary>Forgets all values and keeps the ids: a walker that meets a live id without a value knows that the table was replaced.</summary>
    internal void ForgetValues()
    {
        for (int position = 0; position < Used; )
        {
            Span<DenseEntry<T>> places = PlacesFrom(position);
            foreach (ref DenseEntry<T> place in places)
            {
                place.Value = default!;
            }

            position += places.Length;
        }
    }

    /// <summary>Empties every place for use again. Only for a table that nobody walks.</summary>
    internal void Reset()
    {
        for (int position = 0; position < Used; )
        {
            Span<DenseEntry<T>> places = PlacesFrom(position);
            places.Clear();
            position += places.Length;
        }

        Used = 0;
    }

    /// <summary>The filled places from a position to the end of its chunk.</summary>
    private Span<DenseEntry<T>> PlacesFrom(int position)
    {
        DenseEntry<T>[] chunk = ChunkOf(position, out int start);
        return chunk.AsSpan(position - start, Math.Min(Used, start + chunk.Length) - position);
    }

    private void MakeSpare()
    {
        // Twice as rarely as the table grows: half as large as it might be is as good.
        if (Capacity >= Capacities.Chunked && (Spare is null || Spare.Capacity < Capacity / SpareRatio / 2))
        {
            Spare = new DenseTable<T>(SpareCapacity(Capacity));
        }
    }

    private static int SpareCapacity(int capacity) => Capacities.Fit(Math.Max(capacity / SpareRatio, Capacities.SmallestSpare));
}
