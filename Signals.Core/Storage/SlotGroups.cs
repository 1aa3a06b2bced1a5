namespace Signals;

/// <summary>Inserts connections into a table whose connections are in groups. The lock of the table is held.</summary>
internal static class SlotGroups
{
    /// <summary>
    /// Adds a connection after the last one of its group and of lower groups. The connections behind it move to a new table.
    /// </summary>
    /// <inheritdoc cref="SlotTable.Add"/>
    internal static GenIndex Add(SlotTable table, int group, Delegate slot, SlotAdapter? adapter, SignalBase signal, ref object? slots)
    {
        // Everything that allocates memory comes before the first change of connections.
        DenseTable<Delegate?> old = slots as DenseTable<Delegate?> ?? table.WithSingle(slots);
        SlotExtras extras = table.Extend(old);
        extras.ReserveGroup();
        DenseTable<Delegate?> dense = old;
        int position = EndOfGroup(old, group, extras);
        if (position < old.Used || old.Used == old.Capacity)
        {
            dense = new DenseTable<Delegate?>(Capacities.Fit(table.LiveCount + 1));
            TableMoves.IndexAll(table, old);
            table.ReserveNext();
        }

        GenIndex index = table.AllocateAt(dense == old ? old.Used : table.LiveCount, dense.IsDirect);
        if (adapter is not null)
        {
            SlotTable.NotifyConnecting(adapter, signal, index, extras);
        }

        if (group != 0)
        {
            extras.Groups![index.Index] = group;
        }

        if (dense != old)
        {
            CopyWith(table, old, position, dense, slot, index);
        }
        else
        {
            dense.Add(slot, index);
        }

        if (dense != slots)
        {
            TableMoves.Install(table, dense, slots as DenseTable<Delegate?>, ref slots);
        }

        return index;
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

    /// <summary>Copies the connections of a table to another one, with a new one before a position.</summary>
    private static void CopyWith(SlotTable indices, DenseTable<Delegate?> old, int position, DenseTable<Delegate?> table, Delegate slot, GenIndex index)
    {
        for (int from = old.NextLive(0); ; from = old.NextLive(from + 1))
        {
            if (from == position)
            {
                indices.Move(index, table.Used);
                table.Add(slot, index);
            }

            if (from >= old.Used)
            {
                return;
            }

            GenIndex moved = DenseId.Index(old[from].Id);
            indices.Move(moved, table.Used);
            table.Add(old[from].Value, moved);
        }
    }
}
