using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Table of values in the order in which they were added. An entry is never filled twice and never moves. Erasing a value leaves a hole,
/// and a walk skips runs of holes in one step, so that its cost depends on the number of remaining values. Growing adds a chunk and copies
/// no values.
/// </summary>
/// <remarks>
/// One thread may change a table while others walk it without a lock, up to the value of <see cref="Used"/> that they read once. Changes
/// are therefore written in an order that is safe for concurrent walks: the value and its id before <see cref="Used"/>, and the removal of
/// a value before the hole.
/// </remarks>
internal sealed class DenseTable<T>
{
    /// <summary>Ratio of the capacity of a table to that of its spare, to which the values move when they fit.</summary>
    private const int SpareRatio = 16;

    private ChunkedArray<DenseEntry<T>> _entries;

    /// <summary>Number of entries that have been filled, including holes.</summary>
    internal int Used;

    /// <summary>
    /// Indicates whether the index of each value is its position, so that no index table is needed to find it. Once false, it remains
    /// false.
    /// </summary>
    internal volatile bool IsDirect;

    /// <summary>Indicates whether a walk has to record the ids of the entries in addition to the values.</summary>
    internal bool IsTracked;

    /// <summary>Initializes an empty table.</summary>
    /// <param name="capacity">The initial number of entries.</param>
    /// <param name="spare">The spare of the table that this one replaces, or null.</param>
    internal DenseTable(int capacity, DenseTable<T>? spare = null)
    {
        _entries = new ChunkedArray<DenseEntry<T>>(capacity);
        Capacity = capacity;
        Spare = spare;
        MakeSpare();
    }

    /// <summary>Gets the number of entries in all chunks.</summary>
    internal int Capacity { get; private set; }

    /// <summary>
    /// Gets a small empty table to which the values move when few are left, so that erasing never allocates memory. Null if this table is
    /// small. The spare may have a spare of its own.
    /// </summary>
    internal DenseTable<T>? Spare { get; private set; }

    /// <summary>Determines whether a new table with the specified capacity needs less memory than this one.</summary>
    internal bool IsLargerThan(int capacity) => Capacity > capacity || (Spare is { } spare && spare.Capacity > SpareCapacity(Capacity));

    /// <summary>Gets a reference to the entry at a position.</summary>
    internal ref DenseEntry<T> this[int position] => ref _entries[position];

    /// <summary>Gets the first chunk, which is sufficient for most walks.</summary>
    internal DenseEntry<T>[] First => _entries.First;

    /// <summary>
    /// Determines whether the entry whose position is the number of an index belongs to that index. Safe while another thread changes the
    /// table.
    /// </summary>
    internal bool IsDirectlyAt(GenIndex index) =>
        index.Index < (uint)Volatile.Read(ref Used) && Volatile.Read(ref this[(int)index.Index].Id) == DenseId.Live(index);

    /// <summary>Returns the chunk that begins at a position.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal DenseEntry<T>[] ChunkAt(int start) => ChunkOf(start, out _);

    /// <summary>Returns the chunk that contains a position, and the position of its first entry.</summary>
    internal DenseEntry<T>[] ChunkOf(int position, out int start) => _entries.ChunkOf(position, out start)!;

    /// <summary>Adds a value at the end. The table must have room.</summary>
    internal void Add(T value, GenIndex index)
    {
        ref DenseEntry<T> entry = ref this[Used];
        entry.Id = DenseId.Live(index);
        entry.Value = value;
        Volatile.Write(ref Used, Used + 1);
    }

    /// <summary>Turns an entry into a hole, joins it with adjacent holes to one run, and returns the value that it contained.</summary>
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

    /// <summary>Doubles the capacity by adding a chunk. The capacity must be a power of two.</summary>
    internal void AddChunk()
    {
        Debug.Assert(BitOperations.IsPow2(Capacity));
        _entries.Grow();
        Capacity = _entries.Capacity;
        MakeSpare();
    }

    /// <summary>
    /// Returns the position of the first entry in use at or after <paramref name="position"/>, or <see cref="Used"/> if there is none.
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
    /// Copies the values, in order, to an empty table, and updates their positions in the index table. A direct table must have no holes.
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

    /// <summary>
    /// Clears all values and keeps the ids: a walk that finds a live id without a value detects that the table was replaced.
    /// </summary>
    internal void ClearValues()
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

    /// <summary>Clears all entries for reuse. The table must not be walked concurrently.</summary>
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

    /// <summary>Returns the filled entries from a position to the end of its chunk.</summary>
    private Span<DenseEntry<T>> PlacesFrom(int position)
    {
        DenseEntry<T>[] chunk = ChunkOf(position, out int start);
        return chunk.AsSpan(position - start, Math.Min(Used, start + chunk.Length) - position);
    }

    private void MakeSpare()
    {
        // Only with every second growth: a spare of half the intended size is sufficient.
        if (Capacity >= Capacities.Chunked && (Spare is null || Spare.Capacity < Capacity / SpareRatio / 2))
        {
            Spare = new DenseTable<T>(SpareCapacity(Capacity));
        }
    }

    private static int SpareCapacity(int capacity) => Capacities.Fit(Math.Max(capacity / SpareRatio, Capacities.SmallestSpare));
}
