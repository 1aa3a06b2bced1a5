using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Connections of one signal. The object is also the signal's lock: callers hold its monitor, unless a member is documented otherwise.
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
    private volatile SlotExtras? _extras;

    /// <summary>Initializes the table of a signal.</summary>
    /// <param name="extras">The state that only few signals need, or null.</param>
    internal SlotTable(SlotExtras? extras = null) => _extras = extras;

    /// <summary>Gets the state that only few signals need, or null. May be read without the lock.</summary>
    internal SlotExtras? Extras => _extras;

    /// <summary>Gets a value that indicates whether the signal has been disposed. May be read without the lock.</summary>
    internal bool IsDisposed => Extras is { IsDisposed: true };

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
            : Grow(dense);
        GenIndex index = AllocateAt(table.Used, table.IsDirect);
        if (adapter is not null)
        {
            NotifyConnecting(adapter, signal, index, extras!);
        }

        table.Add(slot, index);
        if (table != dense)
        {
            Install(table, dense, ref slots);
        }

        return index;
    }

    /// <summary>
    /// Adds a connection after the last one of its group and of lower groups. The connections behind it move to a new table.
    /// </summary>
    /// <inheritdoc cref="Add"/>
    internal GenIndex AddToGroup(int group, Delegate slot, SlotAdapter? adapter, SignalBase signal, ref object? slots)
    {
        // Everything that allocates memory comes before the first change of connections.
        DenseTable<Delegate?> old = slots as DenseTable<Delegate?> ?? WithSingle(slots);
        SlotExtras extras = Extend(old);
        extras.ReserveGroup();
        DenseTable<Delegate?> table = old;
        int position = EndOfGroup(old, group, extras);
        if (position < old.Used || old.Used == old.Capacity)
        {
            table = new DenseTable<Delegate?>(Capacities.Fit(LiveCount + 1));
            IndexAll(old);
            ReserveNext();
        }

        GenIndex index = AllocateAt(table == old ? old.Used : LiveCount, table.IsDirect);
        if (adapter is not null)
        {
            NotifyConnecting(adapter, signal, index, extras);
        }

        if (group != 0)
        {
            extras.Groups![index.Index] = group;
        }

        if (table != old)
        {
            CopyWith(old, position, table, slot, index);
        }
        else
        {
            table.Add(slot, index);
        }

        if (table != slots)
        {
            Install(table, slots as DenseTable<Delegate?>, ref slots);
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
                Tidy(dense, ref slots);
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
        return IsLive(index, slots) ? SlotOf(index, slots).Target as SlotAdapter : null;
    }

    /// <summary>Determines whether a connection is live.</summary>
    internal bool IsLive(GenIndex index, object? slots) => Find(index, slots) != NotFound;

    /// <summary>Determines whether a connection is live and blocked.</summary>
    internal bool IsBlocked(GenIndex index, object? slots)
    {
        int position = Find(index, slots);
        return position != NotFound && slots is DenseTable<Delegate?> dense && dense[position].Value is null;
    }

    /// <summary>
    /// Continues a walk through a table that was replaced in its successor: from the first to the last connection that the walk had not
    /// reached. Moves preserve the order, so the walk must call all connections between these two. Returns false if none is left.
    /// </summary>
    internal bool TryFollow(ref DenseTable<Delegate?> dense, ref int next, ref int end, object? slots)
    {
        if (slots is not DenseTable<Delegate?> successor)
        {
            return false;
        }

        int first = NotFound;
        for (; next < end && first == NotFound; next++)
        {
            first = FindMoved(dense, next, successor);
        }

        if (first == NotFound)
        {
            return false;
        }

        int last = first;
        for (int position = end - 1; position >= next; position--)
        {
            int found = FindMoved(dense, position, successor);
            if (found != NotFound)
            {
                last = found;
                break;
            }
        }

        dense = successor;
        next = first;
        end = last + 1;
        return true;
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
            Install(dense, null, ref slots);
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

    /// <summary>Releases the memory that the existing connections do not need.</summary>
    internal void Trim(ref object? slots)
    {
        Extras?.Trim();
        var dense = slots as DenseTable<Delegate?>;
        int capacity = Capacities.Fit(LiveCount);
        if (dense is not null && (dense.Used != LiveCount || dense.IsLargerThan(capacity)))
        {
            IndexMoving(dense);
            DenseTable<Delegate?> trimmed = DenseGrowth.Trim(dense, capacity, this);
            Install(trimmed, dense, ref slots);
            dense = trimmed;
        }

        if (HasIndices)
        {
            TrimIndices();
        }
        else
        {
            ReserveExactly(dense?.Spare is null ? 0 : dense.Capacity);
        }
    }

    /// <summary>Removes connections whose targets have ended, before a connection is added.</summary>
    internal void SweepForConnect(ref object? slots)
    {
        if (Extras is not { HasTargets: true } extras)
        {
            return;
        }

        if (extras.IsWeakSweepDue())
        {
            Sweep(extras.FirstWeak, ref slots);
        }

        if (extras.IsChainSweepDue(isConnect: true))
        {
            Sweep(extras.FirstChained, ref slots);
        }
    }

    /// <summary>Removes connections whose targets have ended, before an emission that may not reach all connections.</summary>
    internal void SweepForEmission(ref object? slots)
    {
        if (Extras!.IsWeakSweepDue())
        {
            Sweep(Extras.FirstWeak, ref slots);
        }

        if (Extras.IsChainSweepDue(isConnect: false))
        {
            Sweep(Extras.FirstChained, ref slots);
        }
    }

    private void Sweep(ITargetSlot? first, ref object? slots)
    {
        ITargetSlot? next;
        for (ITargetSlot? slot = first; slot is not null; slot = next)
        {
            next = slot.Next;
            if (slot.IsTargetAlive)
            {
                continue;
            }

            // Adapters with a target run no user code when they are notified.
            var notified = (SlotAdapter)slot is { IsNotified: true } adapter ? adapter : null;
            notified?.OnDisconnecting();
            Remove(slot.Index, ref slots);
            notified?.OnDisconnected(signalEnded: false);
        }
    }

    /// <summary>
    /// Returns the position in the successor of the connection at a position in the old table, or <see cref="GenIndexTable.NotFound"/>.
    /// </summary>
    private int FindMoved(DenseTable<Delegate?> old, int position, DenseTable<Delegate?> successor)
    {
        ulong id = old[position].Id;
        return DenseId.IsLive(id) ? Find(DenseId.Index(id), successor) : NotFound;
    }

    /// <summary>Returns the position of a live connection, or <see cref="GenIndexTable.NotFound"/>.</summary>
    private int Find(GenIndex index, object? slots)
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

    private GenIndex IndexOfSingle() => HasIndices ? FirstLive() : new GenIndex(0, FreshGeneration);

    private GenIndex AllocateAt(int position, bool isDirect)
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
    private static void NotifyConnecting(SlotAdapter adapter, SignalBase signal, GenIndex index, SlotExtras extras)
    {
        adapter.OnConnecting(new ConnectionHandle(signal, index));
        extras.Register(adapter);
    }

    /// <summary>Returns the state that only few signals need, and creates it if necessary.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SlotExtras Extend(DenseTable<Delegate?>? dense)
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

    /// <summary>Releases a table that is empty after removals, or replaces one that is nearly empty.</summary>
    private void Tidy(DenseTable<Delegate?> dense, ref object? slots)
    {
        if (LiveCount == 0)
        {
            slots = null;
            EndGeneration(dense.Used);
            return;
        }

        if (dense.IsDirect && IndexCapacity < dense.Used)
        {
            // There was not enough memory for indices when the table grew, and a disconnect allocates none: the table stays as it is.
            return;
        }

        IndexMoving(dense);
        DenseTable<Delegate?> tidy = DenseGrowth.WithoutWaste(dense, this);
        if (tidy != dense)
        {
            Install(tidy, dense, ref slots);
            TrimIndices();
        }
    }

    private DenseTable<Delegate?> Grow(DenseTable<Delegate?> dense)
    {
        if (DenseGrowth.Moves(dense, LiveCount))
        {
            IndexMoving(dense);
        }

        if (!dense.IsDirect)
        {
            // Before the connections move: from then until the new table is installed, no step may fail.
            ReserveNext();
        }

        DenseTable<Delegate?> grown = DenseGrowth.Grow(dense, this);
        if (grown.IsDirect)
        {
            ReserveFor(grown);
        }

        return grown;
    }

    /// <summary>Reserves room for indices, so that a disconnect that moves the connections to the spare allocates no memory.</summary>
    private void ReserveFor(DenseTable<Delegate?> dense)
    {
        if (dense.Spare is not null)
        {
            Reserve(dense.Capacity);
        }
    }

    /// <summary>Adds the connections of a direct table to the index table, before they move to other positions.</summary>
    private void IndexMoving(DenseTable<Delegate?> dense)
    {
        if (!dense.IsDirect || dense.Used == LiveCount)
        {
            return;
        }

        int used = dense.Used;
        Reserve(used);
        for (int position = used - 1; position >= 0; position--)
        {
            Adopt(position, DenseId.IsLive(dense[position].Id));
        }

        EndAdoption(used);
        dense.IsDirect = false;
    }

    /// <summary>Returns the position of the first connection of a higher group, or the end of the table.</summary>
    private static int EndOfGroup(DenseTable<Delegate?> dense, int group, SlotExtras extras)
    {
        int position = dense.NextLive(0);
        while (position < dense.Used && extras.GroupOf(DenseId.Index(dense[position].Id)) <= group)
        {
            position = dense.NextLive(position + 1);
        }

        return position;
    }

    /// <summary>Adds the connections of a direct table to the index table, even if it has no holes.</summary>
    private void IndexAll(DenseTable<Delegate?> dense)
    {
        if (!dense.IsDirect)
        {
            return;
        }

        int used = dense.Used;
        Reserve(Math.Max(used, 1));
        for (int position = used - 1; position >= 0; position--)
        {
            Adopt(position, DenseId.IsLive(dense[position].Id));
        }

        EndAdoption(used);
        dense.IsDirect = false;
    }

    /// <summary>Copies the connections of a table to another one, with a new one before a position.</summary>
    private void CopyWith(DenseTable<Delegate?> old, int position, DenseTable<Delegate?> table, Delegate slot, GenIndex index)
    {
        for (int from = old.NextLive(0); ; from = old.NextLive(from + 1))
        {
            if (from == position)
            {
                Move(index, table.Used);
                table.Add(slot, index);
            }

            if (from >= old.Used)
            {
                return;
            }

            GenIndex moved = DenseId.Index(old[from].Id);
            Move(moved, table.Used);
            table.Add(old[from].Value, moved);
        }
    }

    private DenseTable<Delegate?> WithSingle(object? single)
    {
        var dense = new DenseTable<Delegate?>(Capacities.SmallestDense) { IsDirect = !HasIndices };
        if (single is not null)
        {
            dense.Add((Delegate)single, IndexOfSingle());
        }

        return dense;
    }

    private void Install(DenseTable<Delegate?> table, DenseTable<Delegate?>? old, ref object? slots)
    {
        // The new table first: an emission that finds an empty entry compares the tables to distinguish a replaced table from a blocked
        // connection.
        table.IsTracked = Extras is not null;
        Volatile.Write(ref slots, table);
        Thread.MemoryBarrier();
        old?.ClearValues();
    }
}
