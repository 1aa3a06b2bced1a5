using System.Numerics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Array that grows by chunks, each as large as all previous ones together, so that growing copies no elements and references stay valid. A
/// small array has a single chunk and is copied when it grows.
/// </summary>
/// <remarks>One thread may grow the array while others read elements that existed before.</remarks>
internal struct ChunkedArray<T>
{
    /// <summary>The first chunk. Once there are others, its size is a power of two and at least <see cref="Capacities.Chunked"/>.</summary>
    internal T[] First;

    /// <summary>The further chunks, in an array with room for more, or null.</summary>
    private T[]?[]? _more;

    internal ChunkedArray(int capacity) => First = capacity == 0 ? [] : new T[capacity];

    /// <summary>Gets a reference to the element at an index, which must be less than <see cref="Capacity"/>.</summary>
    internal readonly ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            T[] first = First;
            return ref (uint)index < (uint)first.Length ? ref first[index] : ref Locate(index);
        }
    }

    /// <summary>Gets the number of elements in all chunks.</summary>
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

    /// <summary>
    /// Returns the chunk that contains an index, and the index of its first element. Returns null if there is no such chunk.
    /// </summary>
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
            // A concurrent reader may have read the first chunk before the array grew: such a chunk has no further ones.
            return null;
        }

        int log = BitOperations.Log2((uint)index);
        int chunk = log - BitOperations.Log2((uint)first.Length);
        start = 1 << log;
        return _more is { } more && (uint)chunk < (uint)more.Length ? more[chunk] : null;
    }

    /// <summary>Enlarges the array: a large one by a chunk, a small one by copying it.</summary>
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

    /// <summary>Releases the chunks that are not needed for the specified number of elements. Allocates no memory.</summary>
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
