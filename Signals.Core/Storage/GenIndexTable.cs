using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Allocates generational indices and stores the position of each live index's value in a dense table. Independent of the type of the
/// values. Not thread-safe, except for <see cref="IsCurrent"/>.
/// </summary>
/// <remarks>
/// The <c>Link</c> of an entry is the position of its value while the index is live, and otherwise <c>~(next free index + 1)</c>. After the
/// last generation, the generation becomes 0, which is never live, and the index is not added to the free list: it is retired.
/// <para>A base class rather than a field of its owners, to save memory in idle signals.</para>
/// </remarks>
internal class GenIndexTable
{
    /// <summary>The result of <see cref="Find"/> for an index that is not live.</summary>
    internal const int NotFound = -1;

    /// <summary>The generation of the indices of a new table.</summary>
    internal const uint FirstGeneration = 1;

    private const int None = -1;
    private const uint Retired = 0;

    /// <summary>Entries of all indices. Those from <see cref="_used"/> on have not been allocated.</summary>
    private ChunkedArray<Entry> _entries = new(0);

    /// <summary>Number of indices that have been allocated at least once.</summary>
    private int _used;

    /// <summary>The free index to reuse next, which is the one freed last, or <see cref="None"/>.</summary>
    private int _free = None;

    /// <summary>Highest generation of any trimmed index. New indices start above it, so that no earlier index equals them.</summary>
    private uint _trimmedGeneration;

    /// <summary>
    /// Highest number of indices that were allocated at any time: those from it on have never been allocated in any generation.
    /// </summary>
    private int _mostUsed;

    /// <summary>Number of live indices: see <see cref="LiveCount"/>.</summary>
    private int _liveCount;

    /// <summary>
    /// The lock of the owner, if it needs one. It is in this class because it fits between the fields here; in the derived class, it would take eight bytes.
    /// </summary>
    private protected ShortLock OwnerLock;

    /// <summary>Gets or sets the number of live indices, including those that the owner allocates by itself.</summary>
    internal int LiveCount
    {
        get => _liveCount;
        set => _liveCount = value;
    }

    /// <summary>
    /// Gets <see cref="LiveCount"/> for a thread that does not hold the owner's lock. The value may be outdated when it is returned.
    /// </summary>
    internal int LiveCountNow => Volatile.Read(ref _liveCount);

    /// <summary>Gets a value that indicates whether any index has been allocated in this table.</summary>
    internal bool HasIndices => Volatile.Read(ref _used) != 0;

    /// <summary>Gets the first generation of an index that has not been allocated, or whose entry has been trimmed.</summary>
    internal uint FreshGeneration => _trimmedGeneration + 1;

    /// <summary>
    /// Gets <see cref="FreshGeneration"/> for a thread that does not hold the owner's lock. Values that are read afterwards are not older.
    /// </summary>
    internal uint FreshGenerationNow => Volatile.Read(ref _trimmedGeneration) + 1;

    /// <summary>Gets the number of indices for which memory is allocated.</summary>
    internal int IndexCapacity => _entries.Capacity;

    /// <summary>Allocates an index for the value at <paramref name="position"/>.</summary>
    internal GenIndex Allocate(int position)
    {
        Debug.Assert(position >= 0);
        int index = _free;
        ref Entry entry = ref Unsafe.NullRef<Entry>();
        if (index != None)
        {
            entry = ref _entries[index];
            _free = ~entry.Link - 1;
        }
        else
        {
            index = _used;
            if (_entries.ChunkOf(index, out int start) is not { } chunk)
            {
                _entries.Grow();
                chunk = _entries.ChunkOf(index, out start)!;
            }

            entry = ref chunk[index - start];
            entry.Generation = FreshGeneration;
            _used = index + 1;
        }

        entry.Link = position;
        LiveCount++;
        return new GenIndex((uint)index, entry.Generation);
    }

    /// <summary>
    /// Frees an index if it is live; it is reused with the next generation. Returns the position of its value, or <see cref="NotFound"/>.
    /// </summary>
    internal int Release(GenIndex index)
    {
        if (index.Index < (uint)_used)
        {
            ref Entry entry = ref _entries[(int)index.Index];
            int position = entry.Link;
            if (entry.Generation == index.Generation && position >= 0)
            {
                Release(ref entry, (int)index.Index);
                LiveCount--;
                return position;
            }
        }

        return NotFound;
    }

    /// <summary>Frees all live indices.</summary>
    internal void ReleaseAll()
    {
        for (int i = _used - 1; i >= 0; i--)
        {
            if (_entries[i].Link >= 0)
            {
                Release(ref _entries[i], i);
            }
        }

        LiveCount = 0;
    }

    /// <summary>Returns the position of a live index's value, or <see cref="NotFound"/>.</summary>
    internal int Find(GenIndex index)
    {
        if (index.Index < (uint)_used)
        {
            ref Entry entry = ref _entries[(int)index.Index];
            if (entry.Generation == index.Generation && entry.Link >= 0)
            {
                return entry.Link;
            }
        }

        return NotFound;
    }

    /// <summary>
    /// Determines whether an allocated index is still live. Safe while another thread changes the table: the generation is read once, and
    /// it changes at the moment at which the index is freed.
    /// </summary>
    internal bool IsCurrent(GenIndex index)
    {
        while (true)
        {
            Entry[] first = Volatile.Read(ref _entries.First);
            Entry[]? chunk = _entries.ChunkOf((int)index.Index, out int start);
            uint place = index.Index - (uint)start;
            bool isCurrent = chunk is not null && place < (uint)chunk.Length && Volatile.Read(ref chunk[place].Generation) == index.Generation;

            // The first chunk determines the location of the others: if it is another one, they were replaced meanwhile.
            Volatile.ReadBarrier();
            if (_entries.First == first)
            {
                return isCurrent;
            }
        }
    }

    /// <summary>Returns the live index with the lowest number. There must be one.</summary>
    internal GenIndex FirstLive()
    {
        int index = 0;
        while (_entries[index].Link < 0)
        {
            index++;
        }

        return new GenIndex((uint)index, _entries[index].Generation);
    }

    /// <summary>Sets the position of a live index's value after it has moved.</summary>
    internal void Move(GenIndex index, int position)
    {
        Debug.Assert(Find(index) != NotFound);
        _entries[(int)index.Index].Link = position;
    }

    /// <summary>
    /// Releases the memory of the indices after the last one that is live or retired, if that is at least half of the memory.
    /// </summary>
    internal void TrimIndices()
    {
        int used = _used;
        while (used > 0 && IsFree(_entries[used - 1]))
        {
            used--;
        }

        if (used > _entries.Capacity / 2)
        {
            return;
        }

        for (int i = used; i < _used; i++)
        {
            Volatile.Write(ref _trimmedGeneration, Math.Max(_trimmedGeneration, _entries[i].Generation - 1));
        }

        _mostUsed = Math.Max(_mostUsed, _used);
        _entries.Shrink(used);
        _used = used;
        _free = None;
        for (int i = used - 1; i >= 0; i--)
        {
            if (IsFree(_entries[i]))
            {
                AddToFree(ref _entries[i], i);
            }
        }
    }

    /// <summary>Makes room for the specified number of indices, so that allocating them needs no memory.</summary>
    internal void Reserve(int count)
    {
        if (_entries.First.Length == 0)
        {
            Volatile.Write(ref _entries.First, new Entry[count]);
        }

        while (_entries.Capacity < count)
        {
            _entries.Grow();
        }
    }

    /// <summary>Makes room for one more index, so that <see cref="Allocate"/> needs no memory.</summary>
    internal void ReserveNext()
    {
        if (_free == None && _entries.ChunkOf(_used, out _) is null)
        {
            _entries.Grow();
        }
    }

    /// <summary>Sets the room to exactly the specified number of indices. None may be in use.</summary>
    internal void ReserveExactly(int count)
    {
        Debug.Assert(!HasIndices);
        if (IndexCapacity != count)
        {
            Entry[] entries = count == 0 ? [] : new Entry[count];
            _entries.Shrink(0);
            Volatile.Write(ref _entries.First, entries);
        }
    }

    /// <summary>
    /// Adopts an index that the owner has allocated by itself, in the <see cref="FreshGeneration"/> and with its number as the position.
    /// The table must contain no other indices and must have room. The owner adopts its indices from the last to the first.
    /// </summary>
    internal void Adopt(int index, bool isLive)
    {
        ref Entry entry = ref _entries[index];
        entry = new Entry { Generation = FreshGeneration, Link = index };
        if (!isLive)
        {
            Release(ref entry, index);
        }
    }

    /// <summary>
    /// Completes the adoption of the specified number of indices, live and free ones, which from now on are looked up in this table.
    /// </summary>
    internal void EndAdoption(int count) => Volatile.Write(ref _used, count);

    /// <summary>
    /// Frees all indices, in this table as well as the specified number of first ones if the owner has allocated those by itself, and
    /// releases their memory.
    /// </summary>
    internal void EndGeneration(int count)
    {
        _mostUsed = Math.Max(_mostUsed, Math.Max(_used, count));
        if (HasIndices)
        {
            ReleaseAll();
            TrimIndices();
        }
        else if (FreshGeneration != uint.MaxValue)
        {
            LiveCount = 0;
            Volatile.Write(ref _trimmedGeneration, _trimmedGeneration + 1);
            if (_entries.First.Length != 0)
            {
                TrimIndices();
            }

            return;
        }

        if (FreshGeneration == uint.MaxValue)
        {
            RetireAll();
        }
    }

    /// <summary>Advances a free index to a later generation, so that tests can reach the last one.</summary>
    internal void Age(uint index, uint generation)
    {
        if (!HasIndices)
        {
            Debug.Assert(LiveCount == 0 && FreshGeneration < generation);
            _trimmedGeneration = generation - 1;
            return;
        }

        Debug.Assert(IsFree(_entries[(int)index]) && _entries[(int)index].Generation < generation);
        _entries[(int)index].Generation = generation;
    }

    /// <summary>Retires all indices that were ever used, after the last generation. Later ones begin with the first generation.</summary>
    private void RetireAll()
    {
        Reserve(_mostUsed);
        for (int index = _used; index < _mostUsed; index++)
        {
            _entries[index] = new Entry { Generation = Retired, Link = ~0 };
        }

        LiveCount = 0;
        Volatile.Write(ref _used, _mostUsed);
        Volatile.Write(ref _trimmedGeneration, 0);
    }

    private static bool IsFree(Entry entry) => entry.Link < 0 && entry.Generation != Retired;

    private void Release(ref Entry entry, int index)
    {
        uint next = unchecked(entry.Generation + 1);
        Volatile.Write(ref entry.Generation, next);
        if (next == Retired)
        {
            entry.Link = ~0;
        }
        else
        {
            AddToFree(ref entry, index);
        }
    }

    private void AddToFree(ref Entry entry, int index)
    {
        entry.Link = ~(_free + 1);
        _free = index;
    }

    private struct Entry
    {
        /// <summary>The current generation of the index, or its next one while the index is free.</summary>
        internal uint Generation;

        /// <summary>The position of the value, or the next free index: see the remarks of <see cref="GenIndexTable"/>.</summary>
        internal int Link;
    }
}
