using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Connections of one signal. A signal that has had at most one plain connection needs no memory for it: the slot is in a field. Everything else
/// is in a table, which is created when it is first needed and then kept, because it is also the lock.
/// </summary>
/// <remarks>
/// Without a table, a thread that changes the store puts the mark <see cref="Busy"/> in the place of the table for a few instructions. The only
/// connection without a table always has the index <see cref="First"/>: when it ends, the mark <see cref="Spent"/> records that this index has
/// been used, so that the next connection gets another one.
/// </remarks>
internal struct SlotStore
{
    /// <summary>The mark for a store without a table that a thread is changing.</summary>
    private static readonly SlotTable Busy = SlotTable.CreateMark();

    /// <summary>The mark for a store without a table whose first connection has ended.</summary>
    private static readonly SlotTable Spent = SlotTable.CreateMark();

    /// <summary>The table shared by all signals that were disposed before they had one of their own.</summary>
    private static readonly SlotTable Ended = new(new SlotExtras { IsDisposed = true });

    /// <summary>
    /// The slots that an emission runs: null if there is none, the slot itself if there is a single connection, as in most signals, and
    /// otherwise a <see cref="DenseTable{T}"/>.
    /// </summary>
    private object? _slots;

    /// <summary>Further state of the connections, or null or a mark as long as there is none. A table is never replaced.</summary>
    private SlotTable? _table;

    /// <summary>Initializes a store with a table.</summary>
    internal SlotStore(SlotExtras extras) => _table = new SlotTable(extras);

    /// <summary>Gets the slots that an emission runs: null, the only slot, or a <see cref="DenseTable{T}"/>.</summary>
    internal readonly object? Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(in _slots);
    }

    /// <summary>Gets the state that only few signals need, or null.</summary>
    internal readonly SlotExtras? Extras => Volatile.Read(in _table)?.Extras;

    /// <summary>Gets a value that indicates whether the signal has been disposed.</summary>
    internal readonly bool IsDisposed => Volatile.Read(in _table) is { IsDisposed: true };

    /// <summary>Gets the number of connections. An emission that begins afterwards finds those that are counted.</summary>
    internal readonly int Count =>
        Volatile.Read(in _table) is { IsMark: false } table ? table.ReachableCount
        : Slots is null ? 0
        : 1;

    /// <summary>Gets the index of a connection without a table.</summary>
    private static GenIndex First => new(0, GenIndexTable.FirstGeneration);

    /// <summary>Returns the table, and creates it if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SlotTable RequireTable() => Volatile.Read(ref _table) is { IsMark: false } table ? table : CreateTable();

    /// <summary>Returns the table, or null if there is none.</summary>
    internal SlotTable? FindTable() => Settled() is { IsMark: false } table ? table : null;

    /// <summary>Adds a connection. Returns false if the signal has been disposed or closed.</summary>
    /// <param name="slot">The delegate that an emission calls.</param>
    /// <param name="adapter">The adapter that the slot is bound to, or null if it is bound to none.</param>
    /// <param name="signal">The signal whose store this is.</param>
    /// <param name="index">The index of the connection.</param>
    /// <param name="group">The group of the connection.</param>
    internal bool TryAdd(Delegate slot, SlotAdapter? adapter, SignalBase signal, out GenIndex index, int group = 0)
    {
        if (_table is null && adapter is null && group == 0 && TryAddFirst(slot))
        {
            index = First;
            return true;
        }

        SlotTable table = RequireTable();
        using (table.Enter())
        {
            if (table.Extras is { } extras)
            {
                if (extras.IsClosed)
                {
                    index = default;
                    return false;
                }

                TargetSweep.ForConnect(table, ref _slots);
            }

            index =
                group != 0 || table.Extras is { Groups: not null }
                    ? SlotGroups.Add(table, group, slot, adapter, signal, ref _slots)
                    : table.Add(slot, adapter, signal, ref _slots);
            return true;
        }
    }

    /// <summary>Ends a connection. Returns a value that indicates whether this call has ended it.</summary>
    /// <param name="index">The index of the connection.</param>
    /// <param name="notified">The adapter that is to be notified outside of the lock, or null.</param>
    internal bool TryRemove(GenIndex index, out SlotAdapter? notified)
    {
        notified = null;
        if (Volatile.Read(ref _table) is not { IsMark: false } && TryRemoveFirst(index, out bool isEnded))
        {
            return isEnded;
        }

        SlotTable table = _table!;
        using (table.Enter())
        {
            if (table.Extras is { Notified: > 0 })
            {
                // First: a thread that sees that the connection has ended must also see that none of its invocations is queued.
                notified = table.AdapterOf(index, _slots);
                if (notified is not null)
                {
                    EndedConnections.NotifyDisconnecting(notified, table);
                }
            }

            return table.Remove(index, ref _slots);
        }
    }

    /// <summary>
    /// Ends all connections of a store without a table, and marks it as disposed if requested. Returns false if there is a table.
    /// </summary>
    internal bool TryRemoveAll(bool dispose)
    {
        if (TryEnter(out SlotTable? mark))
        {
            bool isSpent = mark is not null || _slots is not null;
            Volatile.Write(ref _slots, null);
            Leave(
                dispose ? Ended
                : isSpent ? Spent
                : null
            );
            return true;
        }

        return false;
    }

    /// <summary>Ends all connections of a table, which is locked.</summary>
    internal void RemoveAll(SlotTable table) => table.RemoveAll(ref _slots);

    /// <summary>Blocks or unblocks a connection. Returns whether it was blocked before, or null if it has ended.</summary>
    internal bool? TryBlock(GenIndex index, bool blocked)
    {
        if (!IsActive(index))
        {
            return null;
        }

        SlotTable table = RequireTable();
        using (table.Enter())
        {
            return table.IsLive(index, _slots) ? table.Block(index, blocked, ref _slots) : null;
        }
    }

    /// <summary>Determines whether a connection is active.</summary>
    internal bool IsActive(GenIndex index)
    {
        SlotTable? table = Settled();

        // Without a table and a mark, the first connection is active, or has not been made and has no handle.
        return table is null ? index == First : !table.IsMark && table.IsCurrent(index, ref _slots);
    }

    /// <summary>Determines whether a connection is active and blocked.</summary>
    internal bool IsBlocked(GenIndex index)
    {
        if (FindTable() is not { } table)
        {
            return false;
        }

        using (table.Enter())
        {
            return table.IsBlocked(index, _slots);
        }
    }

    /// <summary>Finds the slot of a connection that is active and not blocked. There must be a table.</summary>
    internal bool TryGetSlot(GenIndex index, [NotNullWhen(true)] out Delegate? slot)
    {
        SlotTable table = _table!;
        using (table.Enter())
        {
            slot = table.IsLive(index, _slots) && !table.IsBlocked(index, _slots) ? table.SlotOf(index, _slots) : null;
            return slot is not null;
        }
    }

    /// <summary>
    /// Returns the position at which a walk continues after its table was replaced: see <see cref="TableMoves.TryFollow"/>.
    /// </summary>
    internal bool TryFollow(ref DenseTable<Delegate?> dense, ref int next, ref int end)
    {
        SlotTable table = _table!;
        using (table.Enter())
        {
            return TableMoves.TryFollow(table, ref dense, ref next, ref end, _slots);
        }
    }

    /// <summary>Returns all connections in order.</summary>
    internal List<(GenIndex Index, Delegate Slot)> Snapshot()
    {
        if (FindTable() is not { } table)
        {
            return Slots is Delegate single ? [(First, single)] : [];
        }

        using (table.Enter())
        {
            return table.Snapshot(_slots);
        }
    }

    /// <summary>Returns all connections of a table, which is locked.</summary>
    internal readonly List<(GenIndex Index, Delegate Slot)> Snapshot(SlotTable table) => table.Snapshot(_slots);

    /// <summary>Releases the memory that the connections do not need.</summary>
    internal void Trim()
    {
        if (FindTable() is { } table)
        {
            using (table.Enter())
            {
                TableMoves.Trim(table, ref _slots);
            }
        }
    }

    /// <summary>Rejects new connections from now on.</summary>
    internal void Close()
    {
        SlotTable table = RequireTable();
        using (table.Enter())
        {
            table.Close(_slots);
        }
    }

    /// <summary>Removes the connections whose target no longer exists, before an emission that may not reach them.</summary>
    internal void SweepForEmission()
    {
        SlotTable table = _table!;
        using (table.Enter())
        {
            TargetSweep.ForEmission(table, ref _slots);
        }
    }

    /// <summary>Returns the adapter of an active connection, or null. Called while the table is locked.</summary>
    internal readonly SlotAdapter? AdapterOf(GenIndex index, SlotTable table) => table.AdapterOf(index, _slots);

    private bool TryAddFirst(Delegate slot)
    {
        if (_slots is not null || Interlocked.CompareExchange(ref _table, Busy, null) is not null)
        {
            return false;
        }

        bool isFree = _slots is null;
        if (isFree)
        {
            Volatile.Write(ref _slots, slot);
        }

        Leave(null);
        return isFree;
    }

    /// <summary>Ends the connection of a store without a table. Returns false if there is a table.</summary>
    private bool TryRemoveFirst(GenIndex index, out bool isEnded)
    {
        isEnded = false;
        if (!TryEnter(out SlotTable? mark))
        {
            return false;
        }

        isEnded = mark is null && index == First && _slots is not null;
        if (isEnded)
        {
            Volatile.Write(ref _slots, null);
            mark = Spent;
        }

        Leave(mark);
        return true;
    }

    private SlotTable CreateTable()
    {
        var table = new SlotTable();
        if (TryEnter(out SlotTable? mark))
        {
            table.Adopt(_slots is not null, isSpent: mark is not null);
            Leave(table);
        }

        return _table!;
    }

    /// <summary>
    /// Puts the mark of a changing thread in the place of the table, and returns what was there: null or <see cref="Spent"/>. The caller replaces
    /// the mark after a few instructions that cannot fail. Returns false if there is a table.
    /// </summary>
    private bool TryEnter(out SlotTable? mark)
    {
        while (true)
        {
            mark = Settled();
            if (mark is { IsMark: false })
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _table, Busy, mark) == mark)
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Replaces the mark of the current thread. An emission that another thread begins after this finds the change (S2, S3): a write without a
    /// barrier could become visible later than reads that follow it.
    /// </summary>
    private void Leave(SlotTable? table) => Interlocked.Exchange(ref _table, table);

    /// <summary>Waits until no thread is changing a store without a table, and returns what is in the place of the table.</summary>
    private SlotTable? Settled()
    {
        while (true)
        {
            SlotTable? table = Volatile.Read(ref _table);
            if (table != Busy)
            {
                return table;
            }

            // A thread that yields can be interrupted.
            Uninterruptible.Run(ref this, static (ref SlotStore store) => store.Spin());
        }
    }

    private readonly void Spin()
    {
        var spin = new SpinWait();
        while (Volatile.Read(in _table) == Busy)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
