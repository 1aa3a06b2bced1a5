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
    /// <summary>The first chunk; its size is a power of two once there are others.</summary>
    internal readonly DenseEntry<T>[] First;

    /// <summary>The chunks behind it: the one at k has <c>First.Length &lt;&lt; k</c> places, as many as there are before it.</summary>
    private DenseEntry<T>[]?[] _more = [];

    /// <summary>How many places have been filled, holes included.</summary>
    internal int Used;

    internal DenseTable(int capacity)
    {
        First = new DenseEntry<T>[capacity];
        Capacity = capacity;
    }

    /// <summary>How many places there are in all chunks.</summary>
    internal int Capacity { get; private set; }

    /// <summary>The place at a position.</summary>
    internal ref DenseEntry<T> this[int position]
    {
        get
        {
            DenseEntry<T>[] first = First;
            return ref (uint)position < (uint)first.Length ? ref first[position] : ref Locate(position);
        }
    }

    /// <summary>The chunk that holds a position, and the position of its first place.</summary>
    internal DenseEntry<T>[] ChunkOf(int position, out int start)
    {
        if (position < First.Length)
        {
            start = 0;
            return First;
        }

        int chunk = BitOperations.Log2((uint)position / (uint)First.Length);
        start = First.Length << chunk;
        return Volatile.Read(ref _more)[chunk]!;
    }

    /// <summary>Adds a value behind all others. The table must have room.</summary>
    internal void Add(T value, GenIndex index)
    {
        ref DenseEntry<T> entry = ref this[Used];
        entry.Id = DenseId.Live(index);
        entry.Value = value;
        Volatile.Write(ref Used, Used + 1);
    }

    /// <summary>Makes a hole of a place, and one run of it and the holes beside it.</summary>
    internal void Erase(int position)
    {
        DenseEntry<T>[] chunk = ChunkOf(position, out int start);
        position -= start;
        chunk[position].Value = default!;
        int first = position;
        int last = position;
        if (position > 0 && DenseId.IsHole(chunk[position - 1].Id))
        {
            first -= DenseId.RunLength(chunk[position - 1].Id);
        }

        if (position + 1 < chunk.Length && DenseId.IsHole(chunk[position + 1].Id))
        {
            last += DenseId.RunLength(chunk[position + 1].Id);
        }

        int length = last - first + 1;
        Volatile.Write(ref chunk[position].Id, DenseId.Hole(1));
        Volatile.Write(ref chunk[last].Id, DenseId.HoleEnd(length));
        Volatile.Write(ref chunk[first].Id, DenseId.Hole(length));
    }

    /// <summary>Adds as many places as there are. The capacity must be a power of two.</summary>
    internal void AddChunk()
    {
        Debug.Assert(BitOperations.IsPow2(Capacity));
        int chunk = BitOperations.Log2((uint)(Capacity / First.Length));
        DenseEntry<T>[]?[] more = _more;
        if (chunk == more.Length)
        {
            Array.Resize(ref more, Math.Max(4, more.Length * 2));
        }

        more[chunk] = new DenseEntry<T>[Capacity];
        Volatile.Write(ref _more, more);
        Capacity = checked(Capacity * 2);
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

    /// <summary>Copies the values in use, in order, to the end of another table, and tells the indices where they are now.</summary>
    internal void CopyTo(DenseTable<T> target, GenIndexTable indices)
    {
        for (int position = NextLive(0); position < Used; position = NextLive(position + 1))
        {
            ref DenseEntry<T> entry = ref this[position];
            GenIndex index = DenseId.Index(entry.Id);
            indices.Move(index, target.Used);
            target.Add(entry.Value, index);
        }
    }

    /// <summary>Forgets all values and keeps the ids: a walker that meets a live id without a value knows that the table was replaced.</summary>
    internal void ForgetValues()
    {
        for (int position = 0; position < Used; )
        {
            DenseEntry<T>[] chunk = ChunkOf(position, out int start);
            int length = Math.Min(Used - start, chunk.Length);
            for (int i = 0; i < length; i++)
            {
                chunk[i].Value = default!;
            }

            position = start + length;
        }
    }

    /// <summary>Empties every place for use again. Only for a table that nobody walks.</summary>
    internal void Reset()
    {
        for (int position = 0; position < Used; )
        {
            DenseEntry<T>[] chunk = ChunkOf(position, out int start);
            Array.Clear(chunk);
            position = start + chunk.Length;
        }

        Used = 0;
    }

    private ref DenseEntry<T> Locate(int position) => ref ChunkOf(position, out int start)[position - start];
}
