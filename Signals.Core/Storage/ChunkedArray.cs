using System.Numerics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// An array that grows by chunks, each as large as all before it together, so that growing copies nothing and references stay good.
/// Small ones have a single chunk and are copied as they grow.
/// </summary>
/// <remarks>One thread may grow it while others read what was there before.</remarks>
internal struct ChunkedArray<T>
{
    /// <summary>The first chunk; its size is a power of two, <see cref="Capacities.Chunked"/> at least, once there are others.</summary>
    internal T[] First;

    /// <summary>The chunks behind it, in an array with room for more, or null.</summary>
    private T[]?[]? _more;

    internal ChunkedArray(int capacity) => First = capacity == 0 ? [] : new T[capacity];

    /// <summary>The place at an index that is there.</summary>
    internal readonly ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            T[] first = First;
            return ref (uint)index < (uint)first.Length ? ref first[index] : ref Locate(index);
        }
    }

    /// <summary>How many places there are.</summary>
    internal readonly int Capacity
    {
        get
        {
            int capacity = First.Length;
            if (_more is { } more)
            {
                for (int chunk = 0; chunk < more.Length && more[chunk] is not null; chunk++)
                {
                    capacity *= 2;
                }
            }

            return capacity;
        }
    }

    /// <summary>The chunk that holds an index, and the index of its first place; null where there is none.</summary>
    internal readonly T[]? ChunkOf(int index, out int start)
    {
        T[] first = Volatile.Read(in First);
        start = 0;
        if ((uint)index < (uint)first.Length)
        {
            return first;
        }

        if (first.Length < Capacities.Chunked)
        {
            // Also for a reader that has come upon the first chunk just before the array grew: what it found has no others.
            return null;
        }

        int log = BitOperations.Log2((uint)index);
        int chunk = log - BitOperations.Log2((uint)first.Length);
        start = 1 << log;
        return _more is { } more && (uint)chunk < (uint)more.Length ? more[chunk] : null;
    }

    /// <summary>Makes the array larger: by a chunk if it is large, else by copying it.</summary>
    internal void Grow()
    {
        T[] first = First;
        if (first.Length < Capacities.Chunked || !BitOperations.IsPow2(first.Length))
        {
            var larger = new T[Capacities.Next(first.Length)];
            first.CopyTo(larger, 0);
            Volatile.Write(ref First, larger);
            return;
        }

        int capacity = Capacity;

        int chunk = BitOperations.Log2((uint)capacity) - BitOperations.Log2((uint)First.Length);
        T[]?[]? more = _more;
        if (more is null || chunk == more.Length)
        {
            Array.Resize(ref more, chunk + 4);
        }

        more[chunk] = new T[capacity];
        Volatile.Write(ref _more, more);
    }

    /// <summary>Gives up the chunks that are not needed for the first places. Allocates nothing.</summary>
    internal void Shrink(int used)
    {
        int needed = Math.Max(First.Length, (int)BitOperations.RoundUpToPowerOf2((uint)used));
        for (int capacity = Capacity; capacity > needed; capacity /= 2)
        {
            _more![BitOperations.Log2((uint)capacity) - BitOperations.Log2((uint)First.Length) - 1] = null;
        }

        if (used == 0)
        {
            First = [];
        }
    }

    private readonly ref T Locate(int index) => ref ChunkOf(index, out int start)![index - start];
}
