namespace Signals;

/// <summary>
/// Moves the connections of a signal to other dense tables, and redirects the emissions that walk a table that was replaced. The lock of the
/// table is held.
/// </summary>
internal static class TableMoves
{
    /// <summary>Releases a table that is empty after removals, or replaces one that is nearly empty.</summary>
    internal static void Tidy(SlotTable table, DenseTable<Delegate?> dense, ref object? slots)
    {
        if (table.LiveCount == 0)
        {
            slots = null;
            table.EndGeneration(dense.Used);
            return;
        }

        if (dense.IsDirect && table.IndexCapacity < dense.Used)
        {
            // There was not enough memory for indices when the table grew, and a disconnect allocates none: the table stays as it is.
            return;
        }

        IndexMoving(table, dense);
        DenseTable<Delegate?> tidy = DenseGrowth.WithoutWaste(dense, table);
        if (tidy != dense)
        {
            Install(table, tidy, dense, ref slots);
            table.TrimIndices();
        }
    }

    internal static DenseTable<Delegate?> Grow(SlotTable table, DenseTable<Delegate?> dense)
    {
        if (DenseGrowth.Moves(dense, table.LiveCount))
        {
            IndexMoving(table, dense);
        }

        if (!dense.IsDirect)
        {
            // Before the connections move: from then until the new table is installed, no step may fail.
            table.ReserveNext();
        }

        DenseTable<Delegate?> grown = DenseGrowth.Grow(dense, table, Capacities.SmallestChurned);
        if (grown.IsDirect)
        {
            ReserveFor(table, grown);
        }

        return grown;
    }

    /// <summary>Reserves room for indices, so that a disconnect that moves the connections to the spare allocates no memory.</summary>
    private static void ReserveFor(SlotTable table, DenseTable<Delegate?> dense)
    {
        if (dense.Spare is not null)
        {
            table.Reserve(dense.Capacity);
        }
    }

    /// <summary>Adds the connections of a direct table to the index table, before they move to other positions.</summary>
    private static void IndexMoving(SlotTable table, DenseTable<Delegate?> dense)
    {
        if (!dense.IsDirect || dense.Used == table.LiveCount)
        {
            return;
        }

        int used = dense.Used;
        table.Reserve(used);
        for (int position = used - 1; position >= 0; position--)
        {
            table.Adopt(position, DenseId.IsLive(dense[position].Id));
        }

        table.EndAdoption(used);
        dense.IsDirect = false;
    }

    /// <summary>Adds the connections of a direct table to the index table, even if it has no holes.</summary>
    internal static void IndexAll(SlotTable table, DenseTable<Delegate?> dense)
    {
        if (!dense.IsDirect)
        {
            return;
        }

        int used = dense.Used;
        table.Reserve(Math.Max(used, 1));
        for (int position = used - 1; position >= 0; position--)
        {
            table.Adopt(position, DenseId.IsLive(dense[position].Id));
        }

        table.EndAdoption(used);
        dense.IsDirect = false;
    }

    /// <summary>Releases the memory that the existing connections do not need.</summary>
    internal static void Trim(SlotTable table, ref object? slots)
    {
        table.Extras?.Trim();
        var dense = slots as DenseTable<Delegate?>;
        int capacity = Capacities.Fit(table.LiveCount);
        if (dense is not null && (dense.Used != table.LiveCount || dense.IsLargerThan(capacity)))
        {
            IndexMoving(table, dense);
            DenseTable<Delegate?> trimmed = DenseGrowth.Trim(dense, capacity, table);
            Install(table, trimmed, dense, ref slots);
            dense = trimmed;
        }

        if (table.HasIndices)
        {
            table.TrimIndices();
        }
        else
        {
            table.ReserveExactly(dense?.Spare is null ? 0 : dense.Capacity);
        }
    }

    internal static void Install(SlotTable table, DenseTable<Delegate?> dense, DenseTable<Delegate?>? old, ref object? slots)
    {
        // The new table first: an emission that finds an empty entry compares the tables to distinguish a replaced table from a blocked
        // connection.
        dense.IsTracked = table.Extras is not null;
        Volatile.Write(ref slots, dense);
        Thread.MemoryBarrier();
        old?.ClearValues();
    }

    /// <summary>
    /// Continues a walk through a table that was replaced in its successor: from the first to the last connection that the walk had not
    /// reached. Moves preserve the order, so the walk must call all connections between these two. Returns false if none is left.
    /// </summary>
    internal static bool TryFollow(SlotTable table, ref DenseTable<Delegate?> dense, ref int next, ref int end, object? slots)
    {
        if (slots is not DenseTable<Delegate?> successor)
        {
            return false;
        }

        int first = GenIndexTable.NotFound;
        for (; next < end && first == GenIndexTable.NotFound; next++)
        {
            first = FindMoved(table, dense, next, successor);
        }

        if (first == GenIndexTable.NotFound)
        {
            return false;
        }

        int last = first;
        for (int position = end - 1; position >= next; position--)
        {
            int found = FindMoved(table, dense, position, successor);
            if (found != GenIndexTable.NotFound)
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

    /// <summary>
    /// Returns the position in the successor of the connection at a position in the old table, or <see cref="GenIndexTable.NotFound"/>.
    /// </summary>
    private static int FindMoved(SlotTable table, DenseTable<Delegate?> old, int position, DenseTable<Delegate?> successor)
    {
        ulong id = old[position].Id;
        return DenseId.IsLive(id) ? table.Find(DenseId.Index(id), successor) : GenIndexTable.NotFound;
    }
}
