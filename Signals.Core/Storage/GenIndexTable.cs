using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Hands out generational indices and remembers at which position of a dense table the value of each live one stands.
/// Knows nothing of the values. Not synchronised, except for <see cref="IsCurrent"/>.
/// </summary>
/// <remarks>
/// An entry's <c>Link</c> is its value's position while it is live, and otherwise <c>~(next free index + 1)</c>. A generation that
/// cannot be raised any more becomes 0, which is never live, and its index is on no list: it is retired.
/// <para>A base class rather than a field of those who use it, because an idle signal's memory is counted in bytes.</para>
/// </remarks>
internal class GenIndexTable
{
    /// <summary>What <see cref="Find"/> returns for an index that is not live.</summary>
    internal const int NotFound = -1;

    private const int None = -1;
    private const uint Retired = 0;

    /// <summary>All indices; those from <see cref="_used"/> on have not been handed out.</summary>
    private ChunkedArray<Entry> _entries = new(0);

    /// <summary>How many indices have been handed out at least once.</summary>
    private int _used;

    /// <summary>The free index to use next, the last freed first, or <see cref="None"/>.</summary>
    private int _free = None;

    /// <summary>The highest generation that a trimmed index was handed out with: new indices start above it, so no old name fits them.</summary>
    private uint _trimmedGeneration;

    /// <summary>How many indices have been handed out at most: from there on none has ever been, in no generation.</summary>
    private int _mostUsed;

    /// <summary>Number of live indices, see <see cref="LiveCount"/>.</summary>
    private int _liveCount;

    /// <summary>Number of live indices, including those that an owner hands out by itself.</summary>
    internal int LiveCount
    {
        get => _liveCount;
        private protected set => _liveCount = value;
    }

    /// <summary>
    /// <see cref="LiveCount"/> for a thread that does not hold the owner's lock: it holds for one moment only, and is read anew each time.
    /// </summary>
    internal int LiveCountNow => Volatile.Read(ref _liveCount);

    /// <summary>Whether any index can be looked up here.</summary>
    private protected bool HasIndices => Volatile.Read(ref _used) != 0;

    /// <summary>The generation in which an index begins that has not been handed out, or has been forgotten.</summary>
    private protected uint FreshGeneration => _trimmedGeneration + 1;

    /// <summary>
    /// <see cref="FreshGeneration"/> for a thread that does not hold the owner's lock; values that are read afterwards are not older.
    /// </summary>
    private protected uint FreshGenerationNow => Volatile.Read(ref _trimmedGeneration) + 1;

    /// <summary>Number of indices for which there is memory.</summary>
    private protected int IndexCapacity => _entries.Capacity;

    /// <summary>Takes an index into use, for the value at <paramref name="position"/>.</summary>
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
    /// Ends the life of an index if it is live; its next life has the next generation. Returns the position of its value, or <see cref="NotFound"/>.
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

    /// <summary>Ends the life of every live index.</summary>
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

    /// <summary>The position of a live index's value, or <see cref="NotFound"/>.</summary>
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
    /// Whether an index that was handed out is still in that life. Safe beside a thread that changes the table: the generation is read
    /// once, and it moves on the moment the life ends.
    /// </summary>
    internal bool IsCurrent(GenIndex index)
    {
        while (true)
        {
            Entry[] first = Volatile.Read(ref _entries.First);
            Entry[]? chunk = _entries.ChunkOf((int)index.Index, out int start);
            uint place = index.Index - (uint)start;
            bool isCurrent =
                chunk is not null && place < (uint)chunk.Length && Volatile.Read(ref chunk[place].Generation) == index.Generation;

            // The chunks are meaningless with another first one, which determines their places: they were replaced meanwhile.
            Volatile.ReadBarrier();
            if (_entries.First == first)
            {
                return isCurrent;
            }
        }
    }

    /// <summary>The live index with the lowest number. There must be one.</summary>
    internal GenIndex FirstLive()
    {
        int index = 0;
        while (_entries[index].Link < 0)
        {
            index++;
        }

        return new GenIndex((uint)index, _entries[index].Generation);
    }

    /// <summary>Says that the value of a live index has moved.</summary>
    internal void Move(GenIndex index, int position)
    {
        Debug.Assert(Find(index) != NotFound);
        _entries[(int)index.Index].Link = position;
    }

    /// <summary>
    /// Gives back the memory of the indices behind the last one that is live or retired, where that is half of the memory or more.
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

    /// <summary>Makes room for so many indices, so that taking them into use needs no memory.</summary>
    private protected void Reserve(int count)
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
    private protected void ReserveNext()
    {
        if (_free == None && _entries.ChunkOf(_used, out _) is null)
        {
            _entries.Grow();
        }
    }

    /// <summary>Makes room for exactly this number of indices. None may be in use.</summary>
    private protected void ReserveExactly(int count)
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
    /// Takes over an index that an owner has handed out by itself, in the <see cref="FreshGeneration"/> and for the position of its number.
    /// There must be no indices here but those, and room for them: the owner goes from the last one to the first.
    /// </summary>
    private protected void Adopt(int index, bool isLive)
    {
        ref Entry entry = ref _entries[index];
        entry = new Entry { Generation = FreshGeneration, Link = index };
        if (!isLive)
        {
            Release(ref entry, index);
        }
    }

    /// <summary>Has the indices looked up here that were taken over: so many, live ones and others.</summary>
    private protected void EndAdoption(int count) => Volatile.Write(ref _used, count);

    /// <summary>
    /// Ends the life of every live index, here and with an owner who has handed out the first so many by itself. Gives their memory back.
    /// </summary>
    private protected void EndGeneration(int count)
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

    /// <summary>Moves a free index on to a later generation, so that a test reaches the last one in its lifetime.</summary>
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

    /// <summary>After the last generation: whatever has ever been used is retired, and what comes behind begins with the first one.</summary>
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
        /// <summary>The life that the index is in, or will be in when it is used next.</summary>
        internal uint Generation;

        /// <summary>Where the value stands, or the next free index: see the class.</summary>
        internal int Link;
    }
}
