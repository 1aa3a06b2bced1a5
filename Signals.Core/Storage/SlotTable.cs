namespace Signals;

/// <summary>
/// The connections of one signal, and its lock: whoever calls a member holds the lock on the table, unless the member says otherwise.
/// </summary>
/// <remarks>
/// <para>What emissions run stands in a field of the signal, so that they do not read this object, which every connect and disconnect
/// writes to. Members get it by reference: null while there is no connection; the slot itself while there is a single one, which is not
/// blocked; else a <see cref="DenseTable{T}"/>, which goes when the last connection goes.</para>
/// <para>A place in the dense table is empty while its connection is blocked; the slot waits in <see cref="SlotExtras.Blocked"/> meanwhile.</para>
/// <para>As long as nothing has moved, a connection's index is its position, and there are no indices to look up: see
/// <see cref="DenseTable{T}.IsDirect"/>. All indices then have one generation, and the next one begins when the last connection goes.</para>
/// </remarks>
internal sealed class SlotTable : GenIndexTable
{
    /// <summary>What few signals have, or null.</summary>
    internal SlotExtras? Extras { get; private set; }

    /// <summary>The table of a signal that has something few have from the beginning.</summary>
    internal SlotTable(SlotExtras? extras = null) => Extras = extras;

    /// <summary>Whether the signal has been disposed: the table is empty for ever.</summary>
    internal bool IsDisposed => Extras is { IsDisposed: true };

    /// <summary>Marks the signal as disposed.</summary>
    internal void Dispose() => Extend(null).IsDisposed = true;

    /// <summary>Lets nothing be connected any more.</summary>
    internal void Close(object? slots) => Extend(slots as DenseTable<Delegate?>).IsClosed = true;

    /// <summary>Adds a connection, in the signal's own place if it is the only one and may stand there.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="adapter">What the slot is bound to, if it is an adapter.</param>
    /// <param name="signal">The signal whose table this is.</param>
    /// <param name="slots">What the signal's emissions run.</param>
    internal GenIndex Add(Delegate slot, SlotAdapter? adapter, SignalBase signal, ref object? slots)
    {
        if (slots is null && Extras?.Options?.ExceptionHandler is null)
        {
            GenIndex single = AllocateAt(0, isDirect: !HasIndices);
            Announce(adapter, signal, single, null);
            Volatile.Write(ref slots, slot);
            return single;
        }

        var dense = slots as DenseTable<Delegate?>;
        DenseTable<Delegate?> table =
            dense is null ? WithSingle(slots)
            : dense.Used < dense.Capacity ? dense
            : Grow(dense);
        GenIndex index = AllocateAt(table.Used, table.IsDirect);
        Announce(adapter, signal, index, table);
        table.Add(slot, index);
        if (table != dense)
        {
            Install(table, dense, ref slots);
        }

        return index;
    }

    /// <summary>Removes a connection, and returns its slot; null if it is not live.</summary>
    internal Delegate? Remove(GenIndex index, ref object? slots)
    {
        Delegate? slot;
        if (slots is DenseTable<Delegate?> dense)
        {
            int position = dense.IsDirect ? ReleaseDirect(dense, index) : Release(index);
            if (position == NotFound)
            {
                return null;
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
            return null;
        }

        if (Extras is { } extras)
        {
            slot ??= extras.Unblock(index);
            extras.Forget(slot);
        }

        return slot;
    }

    /// <summary>Removes all connections. Emissions under way find nothing more.</summary>
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
        dense?.ForgetValues();
    }

    /// <summary>Whether a connection that was made is live. Needs no lock.</summary>
    /// <param name="index">The connection.</param>
    /// <param name="slots">What the signal's emissions run, read once.</param>
    internal bool IsCurrent(GenIndex index, object? slots)
    {
        if (slots is DenseTable<Delegate?> dense ? dense.IsDirect : !HasIndices)
        {
            return FindDirect(index, slots) != NotFound;
        }

        return slots is not null && IsCurrent(index);
    }

    /// <summary>Whether a connection is live.</summary>
    internal bool IsLive(GenIndex index, object? slots) => Find(index, slots) != NotFound;

    /// <summary>Whether a connection is live and blocked.</summary>
    internal bool IsBlocked(GenIndex index, object? slots)
    {
        int position = Find(index, slots);
        return position != NotFound && slots is DenseTable<Delegate?> dense && dense[position].Value is null;
    }

    /// <summary>
    /// Has a walk through a table that was replaced go on in the one that has its connections now: from the first of those that were still
    /// before it to behind the last one. The order survives every move, so between these two there is no connection that the walk has not to
    /// call. Returns false if none is left.
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

    /// <summary>Blocks or unblocks a live connection. Returns whether it was blocked.</summary>
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

    /// <summary>All live connections in order.</summary>
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

    /// <summary>Gives back the memory that the connections there are do not need.</summary>
    internal void Trim(ref object? slots)
    {
        if (slots is DenseTable<Delegate?> dense && dense.Capacity != LiveCount)
        {
            NameMoving(dense);
            Install(DenseGrowth.Trim(dense, Capacities.Fit(LiveCount), this), dense, ref slots);
        }

        TrimIndices();
        if (slots is DenseTable<Delegate?> { IsDirect: true } trimmed)
        {
            ReserveFor(trimmed);
        }
    }

    /// <summary>Removes the weak connections whose targets have been collected since this was last done.</summary>
    internal void SweepWeak(ref object? slots)
    {
        if (Extras is null || !Extras.IsSweepDue())
        {
            return;
        }

        foreach ((GenIndex index, Delegate slot) in Snapshot(slots))
        {
            if (slot.Target is IWeakSlot { IsTargetAlive: false })
            {
                Remove(index, ref slots);
            }
        }
    }

    /// <summary>Where the connection that an old table has at a position stands now.</summary>
    private int FindMoved(DenseTable<Delegate?> old, int position, DenseTable<Delegate?> successor)
    {
        ulong id = old[position].Id;
        return DenseId.IsLive(id) ? Find(DenseId.Index(id), successor) : NotFound;
    }

    /// <summary>The position of a live connection, or <see cref="GenIndexTable.NotFound"/>.</summary>
    private int Find(GenIndex index, object? slots)
    {
        bool isDirect = slots is DenseTable<Delegate?> dense ? dense.IsDirect : !HasIndices;
        return isDirect ? FindDirect(index, slots) : Find(index);
    }

    /// <summary>The position of a live connection whose index is its position, or <see cref="GenIndexTable.NotFound"/>. Needs no lock.</summary>
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

    /// <summary>Tells an adapter its connection, before its slot can be met by an emission on another thread.</summary>
    private void Announce(SlotAdapter? adapter, SignalBase signal, GenIndex index, DenseTable<Delegate?>? dense)
    {
        if (adapter is not null)
        {
            adapter.OnConnecting(new ConnectionHandle(signal, index));
            Extend(dense).Remember(adapter);
        }
    }

    /// <summary>What few signals have, from now on also this one.</summary>
    private SlotExtras Extend(DenseTable<Delegate?>? dense)
    {
        if (Extras is null)
        {
            Extras = new SlotExtras();
            dense?.IsTracked = true;
        }

        return Extras;
    }

    /// <summary>Gives up a table that removals have left empty or nearly so.</summary>
    private void Tidy(DenseTable<Delegate?> dense, ref object? slots)
    {
        if (LiveCount == 0)
        {
            slots = null;
            EndGeneration(dense.Used);
            return;
        }

        NameMoving(dense);
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
            NameMoving(dense);
        }

        DenseTable<Delegate?> grown = DenseGrowth.Grow(dense, this);
        if (grown.IsDirect)
        {
            ReserveFor(grown);
        }

        return grown;
    }

    /// <summary>Sees to it that no memory is needed for indices when a disconnect moves the connections to the spare.</summary>
    private void ReserveFor(DenseTable<Delegate?> dense)
    {
        if (dense.Spare is not null)
        {
            Reserve(dense.Capacity);
        }
    }

    /// <summary>Gives the connections of a table that will move indices to be found by.</summary>
    private void NameMoving(DenseTable<Delegate?> dense)
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
        // The new table first: an emission that finds its table emptied looks here to tell that from a blocked connection.
        table.IsTracked = Extras is not null;
        Volatile.Write(ref slots, table);
        Thread.MemoryBarrier();
        old?.ForgetValues();
    }
}
