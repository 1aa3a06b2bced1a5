using System.Runtime.CompilerServices;

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
    private volatile SlotExtras? _extras;

    /// <summary>The table of a signal that has something few have from the beginning.</summary>
    internal SlotTable(SlotExtras? extras = null) => _extras = extras;

    /// <summary>The state that only few signals need, or null. May be read without the lock.</summary>
    internal SlotExtras? Extras => _extras;

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
    /// <param name="slots">The slots that the signal's emissions run.</param>
    internal GenIndex Add(Delegate slot, SlotAdapter? adapter, SignalBase signal, ref object? slots)
    {
        // Everything that needs memory comes before the first change: if there is none, the connection has not been made.
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
                Announce(adapter, signal, single, extras!);
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
            Announce(adapter, signal, index, extras!);
        }

        table.Add(slot, index);
        if (table != dense)
        {
            Install(table, dense, ref slots);
        }

        return index;
    }

    /// <summary>Removes a connection. Returns false if it is not live. Needs no memory.</summary>
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
            extras.Forget(slot);
        }

        return true;
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
    /// <remarks>
    /// A dense table tells by itself: the id at a direct connection's position stays while it is live, and once the table is no longer direct
    /// the index can be looked up. A single connection is told by two values that may change between being read, but only as a dense table
    /// takes its place: as long as it is live, there is no way back.
    /// </remarks>
    /// <param name="index">The connection.</param>
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

            // Not before the values that were read above.
            Volatile.ReadBarrier();
            if (Volatile.Read(ref slots) is not DenseTable<Delegate?> successor)
            {
                return false;
            }

            dense = successor;
        }

        return dense.IsDirect ? dense.IsDirectlyAt(index) : IsCurrent(index);
    }

    /// <summary>The adapter of a live connection, or null if it is not live or its slot has none.</summary>
    internal SlotAdapter? AdapterOf(GenIndex index, object? slots)
    {
        int position = Find(index, slots);
        if (position == NotFound)
        {
            return null;
        }

        Delegate slot = slots is DenseTable<Delegate?> dense ? dense[position].Value ?? Extras!.Blocked![index.Index] : (Delegate)slots!;
        return slot.Target as SlotAdapter;
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

    /// <summary>Releases the memory that the existing connections do not need.</summary>
    internal void Trim(ref object? slots)
    {
        Extras?.Trim();
        var dense = slots as DenseTable<Delegate?>;
        int capacity = Capacities.Fit(LiveCount);
        if (dense is not null && (dense.Used != LiveCount || dense.IsLargerThan(capacity)))
        {
            NameMoving(dense);
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

    /// <summary>Removes the connections whose targets have ended, while another one is made.</summary>
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

    /// <summary>Removes the connections whose targets have ended, when an emission begins that may leave some out.</summary>
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
            if (!slot.IsTargetAlive)
            {
                Remove(slot.Index, ref slots);
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

    /// <summary>
    /// Indicates whether the only connection is the one made with an index. Needs no lock: see <see cref="IsCurrent(GenIndex, ref object?)"/>.
    /// </summary>
    private bool IsCurrentSingle(GenIndex index)
    {
        // First, since there are indices once generations begin anew.
        uint generation = FreshGenerationNow;
        return HasIndices ? IsCurrent(index) : index == new GenIndex(0, generation);
    }

    /// <summary>The position of a live connection whose index is its position, or <see cref="GenIndexTable.NotFound"/>.</summary>
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

    /// <summary>Gives an adapter its connection, before an emission on another thread can reach its slot. Needs no memory.</summary>
    /// <remarks>Not inlined, because most connections have no adapter and would pay for its locals.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Announce(SlotAdapter adapter, SignalBase signal, GenIndex index, SlotExtras extras)
    {
        adapter.OnConnecting(new ConnectionHandle(signal, index));
        extras.Remember(adapter);
    }

    /// <summary>What few signals have, from now on also this one.</summary>
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

    /// <summary>Gives up a table that removals have left empty or nearly so.</summary>
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
            // There was no memory for indices when the table grew, and a disconnect allocates none: the table stays as it is.
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

        if (!dense.IsDirect)
        {
            // Before the connections move: nothing may fail between that and the new table's installation.
            ReserveNext();
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
