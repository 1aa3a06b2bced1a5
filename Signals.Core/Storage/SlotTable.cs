using System.Diagnostics;

namespace Signals;

/// <summary>
/// The connections of one signal, and its lock: whoever calls a member holds the lock on the table, unless the member says otherwise.
/// </summary>
/// <remarks>
/// <para>A signal's first connection stands in the signal itself and needs no dense table; the second one makes a table for both, which
/// goes when the last connection goes.</para>
/// <para>A place in the dense table is empty while its connection is blocked; the slot waits in <see cref="SlotExtras.Blocked"/> meanwhile.</para>
/// </remarks>
internal sealed class SlotTable : GenIndexTable
{
    /// <summary>The slots in the order of their connections, or null while <see cref="SignalBase"/> holds the only one.</summary>
    internal DenseTable<Delegate?>? Dense;

    /// <summary>What few signals have, or null.</summary>
    internal SlotExtras? Extras;

    /// <summary>Whether the signal has been disposed: the table is empty for ever.</summary>
    internal bool IsDisposed => Extras is { IsDisposed: true };

    /// <summary>Marks the signal as disposed.</summary>
    internal void Dispose() => (Extras ??= new SlotExtras()).IsDisposed = true;

    /// <summary>Adds a connection, in the signal's own place if it is the only one and may stand there.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="adapter">What the slot is bound to, if it is an adapter.</param>
    /// <param name="signal">The signal whose table this is.</param>
    /// <param name="only">The signal's own place.</param>
    internal GenIndex Add(Delegate slot, SlotAdapter? adapter, SignalBase signal, ref Delegate? only)
    {
        DenseTable<Delegate?>? dense = Dense;
        if (dense is null && LiveCount == 0 && Extras?.Options?.ExceptionHandler is null)
        {
            GenIndex single = Allocate(0);
            Announce(adapter, signal, single);
            Volatile.Write(ref only, slot);
            return single;
        }

        DenseTable<Delegate?> table =
            dense is null ? WithOnly(ref only)
            : dense.Used < dense.Capacity ? dense
            : DenseGrowth.Grow(dense, this);
        GenIndex index = Allocate(table.Used);
        Announce(adapter, signal, index);
        table.Add(slot, index);
        if (table != dense)
        {
            Install(table, dense, ref only);
        }

        return index;
    }

    /// <summary>Removes a connection, and returns its slot; null if it is not live.</summary>
    internal Delegate? Remove(GenIndex index, ref Delegate? only)
    {
        int position = Release(index);
        if (position == NotFound)
        {
            return null;
        }

        Delegate? slot;
        if (Dense is { } dense)
        {
            slot = dense.Erase(position);
            if (dense.Spare is { } spare ? LiveCount <= spare.Capacity : LiveCount == 0)
            {
                Tidy(dense, ref only);
            }
        }
        else
        {
            slot = only;
            only = null;
        }

        if (Extras is { } extras)
        {
            slot ??= extras.Unblock(index);
            extras.Forget(slot);
        }

        return slot;
    }

    /// <summary>Removes all connections. Emissions under way find nothing more.</summary>
    internal void RemoveAll(ref Delegate? only)
    {
        DenseTable<Delegate?>? dense = Dense;
        only = null;
        Dense = null;
        ReleaseAll();
        Extras?.Clear();
        TrimIndices();
        dense?.ForgetValues();
    }

    /// <summary>The slot of a connection, or null if it is not live or is blocked.</summary>
    internal Delegate? Fetch(GenIndex index, ref Delegate? only)
    {
        int position = Find(index);
        return position == NotFound ? null : Place(position, ref only);
    }

    /// <summary>The slot of a live connection, blocked or not.</summary>
    internal Delegate SlotOf(GenIndex index, ref Delegate? only) => Place(Find(index), ref only) ?? Extras!.Blocked![index.Index];

    /// <summary>Blocks or unblocks a live connection. Returns whether it was blocked.</summary>
    internal bool Block(GenIndex index, bool blocked, ref Delegate? only)
    {
        ref Delegate? place = ref Place(Find(index), ref only);
        Delegate? slot = place;
        bool wasBlocked = slot is null;
        if (blocked && !wasBlocked)
        {
            Extras ??= new SlotExtras();
            Extras.Block(index, slot!);
            Volatile.Write(ref place, null);
        }
        else if (!blocked && wasBlocked)
        {
            Volatile.Write(ref place, Extras!.Unblock(index));
        }

        return wasBlocked;
    }

    /// <summary>All live connections in order.</summary>
    internal List<(GenIndex Index, Delegate Slot)> Snapshot(ref Delegate? only)
    {
        var connections = new List<(GenIndex, Delegate)>(LiveCount);
        if (Dense is not { } dense)
        {
            if (LiveCount != 0)
            {
                GenIndex index = FirstLive();
                connections.Add((index, SlotOf(index, ref only)));
            }

            return connections;
        }

        for (int position = dense.NextLive(0); position < dense.Used; position = dense.NextLive(position + 1))
        {
            GenIndex index = DenseId.Index(dense[position].Id);
            connections.Add((index, SlotOf(index, ref only)));
        }

        return connections;
    }

    /// <summary>Gives back the memory that the connections there are do not need.</summary>
    internal void Trim(ref Delegate? only)
    {
        if (Dense is { } dense && dense.Capacity != LiveCount)
        {
            Install(DenseGrowth.Trim(dense, Capacities.Fit(LiveCount), this), dense, ref only);
        }

        TrimIndices();
    }

    /// <summary>Removes the weak connections whose targets have been collected since this was last done.</summary>
    internal void SweepWeak(ref Delegate? only)
    {
        if (Extras is null || !Extras.IsSweepDue())
        {
            return;
        }

        foreach ((GenIndex index, Delegate slot) in Snapshot(ref only))
        {
            if (slot.Target is IWeakSlot { IsTargetAlive: false })
            {
                Remove(index, ref only);
            }
        }
    }

    /// <summary>Tells an adapter its connection, before its slot can be met by an emission on another thread.</summary>
    private void Announce(SlotAdapter? adapter, SignalBase signal, GenIndex index)
    {
        if (adapter is not null)
        {
            Extras ??= new SlotExtras();
            Extras.Remember(adapter);
            adapter.OnConnecting(new ConnectionHandle(signal, index));
        }
    }

    /// <summary>Gives up a table that removals have left empty or nearly so.</summary>
    private void Tidy(DenseTable<Delegate?> dense, ref Delegate? only)
    {
        if (LiveCount == 0)
        {
            Dense = null;
            TrimIndices();
            return;
        }

        DenseTable<Delegate?> tidy = DenseGrowth.WithoutWaste(dense, this);
        if (tidy != dense)
        {
            Install(tidy, dense, ref only);
            TrimIndices();
        }
    }

    private DenseTable<Delegate?> WithOnly(ref Delegate? only)
    {
        var dense = new DenseTable<Delegate?>(Capacities.SmallestDense);
        if (LiveCount != 0)
        {
            dense.Add(only, FirstLive());
        }

        return dense;
    }

    private void Install(DenseTable<Delegate?> table, DenseTable<Delegate?>? old, ref Delegate? only)
    {
        // The new table first: an emission that no longer finds the only slot must find the table, and one that finds its table emptied
        // looks here to tell that from a blocked connection.
        Volatile.Write(ref Dense, table);
        Volatile.Write(ref only, null);
        Thread.MemoryBarrier();
        old?.ForgetValues();
    }

    private ref Delegate? Place(int position, ref Delegate? only)
    {
        Debug.Assert(position != NotFound);
        return ref Dense is { } dense ? ref dense[position].Value : ref only;
    }
}
