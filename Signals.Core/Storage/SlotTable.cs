using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Connections of one signal, and their lock. Members are called between <see cref="Enter"/> and the disposal of its result, except where documented
/// otherwise.
/// </summary>
/// <remarks>
/// <para>The slots that emissions run are in a field of the signal, so that emissions do not read this object, to which every connect and
/// disconnect writes. Members receive the field by reference: it is null if there is no connection, the slot itself if there is a single
/// connection that has not been blocked, and otherwise a <see cref="DenseTable{T}"/>, which is released when the last connection
/// ends.</para>
/// <para>The entry of a blocked connection in the dense table is empty; its slot is in <see cref="SlotExtras.Blocked"/>.</para>
/// <para>Until connections move, the index of a connection is its position, and the index table is empty: see
/// <see cref="DenseTable{T}.IsDirect"/>. All indices then have the same generation, and the next generation begins when the last connection
/// ends.</para>
/// </remarks>
internal sealed class SlotTable : GenIndexTable
{
    /// <summary>The number of connections that identifies a mark: an object that is not a table.</summary>
    private const int MarkCount = -1;

    private volatile SlotExtras? _extras;

    /// <summary>Initializes the table of a signal.</summary>
    /// <param name="extras">The state that only few signals need, or null.</param>
    internal SlotTable(SlotExtras? extras = null) => _extras = extras;

    /// <summary>Creates an object that stands in the place of a table: see <see cref="SlotStore"/>.</summary>
    internal static SlotTable CreateMark() => new() { LiveCount = MarkCount };

    /// <summary>Gets a value that indicates whether the object is not a table.</summary>
    internal bool IsMark => LiveCount == MarkCount;

    /// <summary>Gets the state that only few signals need, or null. May be read without the lock.</summary>
    internal SlotExtras? Extras => _extras;

    /// <summary>Gets a value that indicates whether the signal has been disposed. May be read without the lock.</summary>
    internal bool IsDisposed => Extras is { IsDisposed: true };

    /// <summary>
    /// Gets the number of connections for a thread that does not hold the lock. Connections are counted before emissions reach them, so while the lock is
    /// taken, the thread waits for it.
    /// </summary>
    internal int ReachableCount
    {
        get
        {
            int count = LiveCountNow;
            if (count == 0 || !OwnerLock.IsTaken)
            {
                return count;
            }

            using (Enter())
            {
                return LiveCount;
            }
        }
    }

    /// <summary>
    /// Acquires the lock, which is held for a few instructions and while the storage of connections grows, never while user code runs. Disposing the
    /// result releases it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Scope Enter()
    {
        OwnerLock.Enter();
        AssertInvariants();
        return new Scope(this);
    }

    /// <summary>Adopts the state of a store that had no table. Called before another thread can use the table.</summary>
    /// <param name="hasSingle">Indicates whether there is a connection, in the signal's field.</param>
    /// <param name="isSpent">Indicates whether a connection has ended.</param>
    internal void Adopt(bool hasSingle, bool isSpent)
    {
        LiveCount = hasSingle ? 1 : 0;
        if (isSpent)
        {
            EndGeneration(1);
        }
    }

    /// <summary>Marks the signal as disposed.</summary>
    internal void Dispose() => Extend(null).IsDisposed = true;

    /// <summary>Rejects new connections from now on.</summary>
    internal void Close(object? slots) => Extend(slots as DenseTable<Delegate?>).IsClosed = true;

    /// <summary>
    /// Adds a connection: in the signal's field if it is the only one and the signal has no exception handler, otherwise in a dense table.
    /// </summary>
    /// <param name="slot">The slot.</param>
    /// <param name="adapter">The adapter that the slot is bound to, or null.</param>
    /// <param name="signal">The signal whose table this is.</param>
    /// <param name="slots">The slots that the signal's emissions run.</param>
    internal GenIndex Add(Delegate slot, SlotAdapter? adapter, SignalBase signal, ref object? slots)
    {
        // Everything that allocates memory comes before the first change: if there is not enough, the table is unchanged.
        SlotExtras? extras = _extras;
        if (adapter is not null)
        {
            extras ??= Extend(slots as DenseTable<Delegate?>);
        }

        if (slots is null && extras?.Options?.ExceptionHandler is null)
        {
            GenIndex single = AllocateAt(0, isDirect: !HasIndices);
            if (adapter is not null)
            {
                NotifyConnecting(adapter, signal, single, extras!);
            }

            Volatile.Write(ref slots, slot);
            return single;
        }

        var dense = slots as DenseTable<Delegate?>;
        DenseTable<Delegate?> table =
            dense is null ? WithSingle(slots)
            : dense.Used < dense.Capacity ? dense
            : TableMoves.Grow(this, dense);
        GenIndex index = AllocateAt(table.Used, table.IsDirect);
        if (adapter is not null)
        {
            NotifyConnecting(adapter, signal, index, extras!);
        }

        table.Add(slot, index);
        if (table != dense)
        {
            TableMoves.Install(this, table, dense, ref slots);
        }

        return index;
    }

    /// <summary>Returns the delegate of a live connection.</summary>
    internal Delegate SlotOf(GenIndex index, object? slots) =>
        slots is DenseTable<Delegate?> dense ? dense[Find(index, slots)].Value ?? Extras!.Blocked![index.Index] : (Delegate)slots!;

    /// <summary>Removes a connection. Returns false if it is not live. Allocates no memory.</summary>
    internal bool Remove(GenIndex index, ref object? slots)
    {
        Delegate? slot;
        if (slots is DenseTable<Delegate?> dense)
        {
            int position = dense.IsDirect ? ReleaseDirect(dense, index) : Release(index);
            if (position == NotFound)
            {
                return false;
            }

            slot = dense.Erase(position);
            if (dense.Spare is { } spare ? LiveCount <= spare.Capacity : LiveCount == 0)
            {
                TableMoves.Tidy(this, dense, ref slots);
            }
        }
        else if (slots is not null && Find(index, slots) != NotFound)
        {
            slot = (Delegate)slots;
            slots = null;
            EndGeneration(1);
        }
        else
        {
            return false;
        }

        if (Extras is { } extras)
        {
            slot ??= extras.Unblock(index);
            extras.Unregister(slot);
            extras.Groups?.Remove(index.Index);
        }

        return true;
    }

    /// <summary>Removes all connections. Active emissions find no further slots.</summary>
    internal void RemoveAll(ref object? slots)
    {
        if (slots is null)
        {
            return;
        }

        var dense = slots as DenseTable<Delegate?>;
        slots = null;
        EndGeneration(dense?.Used ?? 1);
        Extras?.Clear();
        dense?.ClearValues();
    }

    /// <summary>Determines whether a connection of the signal is live. Called without the lock.</summary>
    /// <remarks>
    /// A dense table is sufficient: the id at the position of a direct connection remains while the connection is live, and once the table
    /// is no longer direct, the index can be looked up. A single connection is identified by two values that may change between the two
    /// reads, but only if a dense table replaces it, which is permanent while the connection is live.
    /// </remarks>
    /// <param name="index">The index of the connection.</param>
    /// <param name="slots">The slots that the signal's emissions run.</param>
    internal bool IsCurrent(GenIndex index, ref object? slots)
    {
        object? read = Volatile.Read(ref slots);
        if (read is null)
        {
            return false;
        }

        if (read is not DenseTable<Delegate?> dense)
        {
            if (IsCurrentSingle(index))
            {
                return true;
            }

            // The next read must not precede those of the values above.
            Volatile.ReadBarrier();
            if (Volatile.Read(ref slots) is not DenseTable<Delegate?> successor)
            {
                return false;
            }

            dense = successor;
        }

        return dense.IsDirect ? dense.IsDirectlyAt(index) : IsCurrent(index);
    }

    /// <summary>Returns the adapter of a connection, or null if the connection is not live or its slot has no adapter.</summary>
    internal SlotAdapter? AdapterOf(GenIndex index, object? slots)
    {
        return IsLive(index, slots) ? TrackedConnection.TargetOf(SlotOf(index, slots)) as SlotAdapter : null;
    }

    /// <summary>Determines whether a connection is live.</summary>
    internal bool IsLive(GenIndex index, object? slots) => Find(index, slots) != NotFound;

    /// <summary>Determines whether a connection is live and blocked.</summary>
    internal bool IsBlocked(GenIndex index, object? slots)
    {
        int position = Find(index, slots);
        return position != NotFound && slots is DenseTable<Delegate?> dense && dense[position].Value is null;
    }

    /// <summary>Blocks or unblocks a live connection. Returns whether it was blocked before.</summary>
    internal bool Block(GenIndex index, bool blocked, ref object? slots)
    {
        if (slots is not DenseTable<Delegate?> dense)
        {
            if (!blocked)
            {
                return false;
            }

            dense = WithSingle(slots);
            TableMoves.Install(this, dense, null, ref slots);
        }

        ref Delegate? place = ref dense[Find(index, dense)].Value;
        Delegate? slot = place;
        bool wasBlocked = slot is null;
        if (blocked && !wasBlocked)
        {
            Extend(dense).Block(index, slot!);
            Volatile.Write(ref place, null);
        }
        else if (!blocked && wasBlocked)
        {
            Volatile.Write(ref place, Extras!.Unblock(index));
        }

        return wasBlocked;
    }

    /// <summary>Returns all live connections in order.</summary>
    internal List<(GenIndex Index, Delegate Slot)> Snapshot(object? slots)
    {
        var connections = new List<(GenIndex, Delegate)>(LiveCount);
        if (slots is DenseTable<Delegate?> dense)
        {
            for (int position = dense.NextLive(0); position < dense.Used; position = dense.NextLive(position + 1))
            {
                GenIndex index = DenseId.Index(dense[position].Id);
                connections.Add((index, dense[position].Value ?? Extras!.Blocked![index.Index]));
            }
        }
        else if (slots is not null)
        {
            connections.Add((IndexOfSingle(), (Delegate)slots));
        }

        return connections;
    }

    /// <summary>Returns the position of a live connection, or <see cref="GenIndexTable.NotFound"/>.</summary>
    internal int Find(GenIndex index, object? slots)
    {
        bool isDirect = slots is DenseTable<Delegate?> dense ? dense.IsDirect : !HasIndices;
        return isDirect ? FindDirect(index, slots) : Find(index);
    }

    /// <summary>
    /// Determines whether the only connection is the one with an index. Called without the lock: see
    /// <see cref="IsCurrent(GenIndex, ref object?)"/>.
    /// </summary>
    private bool IsCurrentSingle(GenIndex index)
    {
        // Read first: when generations restart, the indices already exist.
        uint generation = FreshGenerationNow;
        return HasIndices ? IsCurrent(index) : index == new GenIndex(0, generation);
    }

    /// <summary>Returns the position of a live connection whose index is its position, or <see cref="GenIndexTable.NotFound"/>.</summary>
    private int FindDirect(GenIndex index, object? slots)
    {
        bool isLive = slots is DenseTable<Delegate?> dense ? dense.IsDirectlyAt(index) : slots is not null && index == new GenIndex(0, FreshGeneration);
        return isLive ? (int)index.Index : NotFound;
    }

    internal GenIndex IndexOfSingle() => HasIndices ? FirstLive() : new GenIndex(0, FreshGeneration);

    internal GenIndex AllocateAt(int position, bool isDirect)
    {
        if (!isDirect)
        {
            return Allocate(position);
        }

        LiveCount++;
        return new GenIndex((uint)position, FreshGeneration);
    }

    private int ReleaseDirect(DenseTable<Delegate?> dense, GenIndex index)
    {
        if (!dense.IsDirectlyAt(index))
        {
            return NotFound;
        }

        LiveCount--;
        return (int)index.Index;
    }

    /// <summary>
    /// Notifies an adapter of its connection, before an emission on another thread can reach its slot. Allocates no memory.
    /// </summary>
    /// <remarks>Not inlined: most connections have no adapter, and its local variables would slow them down.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void NotifyConnecting(SlotAdapter adapter, SignalBase signal, GenIndex index, SlotExtras extras)
    {
        adapter.OnConnecting(new ConnectionHandle(signal, index));
        extras.Register(adapter);
    }

    /// <summary>Returns the state that only few signals need, and creates it if necessary.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal SlotExtras Extend(DenseTable<Delegate?>? dense)
    {
        SlotExtras? extras = _extras;
        if (extras is null)
        {
            extras = new SlotExtras();
            _extras = extras;
            dense?.IsTracked = true;
        }

        return extras;
    }

    internal DenseTable<Delegate?> WithSingle(object? single)
    {
        var dense = new DenseTable<Delegate?>(Capacities.SmallestDense) { IsDirect = !HasIndices };
        if (single is not null)
        {
            dense.Add((Delegate)single, IndexOfSingle());
        }

        return dense;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(!IsMark, "A mark is not a table.");
        Debug.Assert(LiveCount >= 0, "More connections have ended than were made.");
    }

    /// <summary>Scope in which a thread holds the lock of a table.</summary>
    internal readonly ref struct Scope(SlotTable table)
    {
        /// <summary>Releases the lock. An emission that another thread begins after this finds the change (S2, S3).</summary>
        public void Dispose() => table.OwnerLock.ExitVisibly();
    }
}
