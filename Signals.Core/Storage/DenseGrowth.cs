using System.Numerics;

namespace Signals;

/// <summary>What to do when a dense table is full: written once for everything that keeps its values in one.</summary>
internal static class DenseGrowth
{
    /// <summary>
    /// Returns a full table's successor: the same one with a new chunk, or a new one that holds what the old one did. A table
    /// of which half or more are holes is replaced by one that is at most half full, so that the copying is paid for by the
    /// connects until the next time.
    /// </summary>
    internal static DenseTable<T> Grow<T>(DenseTable<T> table, GenIndexTable indices)
    {
        int live = indices.LiveCount;
        if (!Moves(table, live))
        {
            table.AddChunk();
            return table;
        }

        return Replace(table, IsSparse(table, live) ? Capacities.Fit(live * 2) : Capacities.Next(table.Capacity), table.Spare, indices);
    }

    /// <summary>Whether a full table that holds so many values will have a successor that is another one.</summary>
    internal static bool Moves<T>(DenseTable<T> table, int live) =>
        IsSparse(table, live) || table.Capacity < Capacities.Chunked || !BitOperations.IsPow2(table.Capacity);

    /// <summary>
    /// Returns a table that is not mostly holes: the same one, or its spare with all that the old one held, which takes no memory.
    /// </summary>
    internal static DenseTable<T> WithoutWaste<T>(DenseTable<T> table, GenIndexTable indices)
    {
        if (table.Spare is not { } spare || indices.LiveCount > spare.Capacity)
        {
            return table;
        }

        table.CopyTo(spare, indices);
        return spare;
    }

    /// <summary>Returns a table without holes, and no larger than asked for, that holds what the old one did.</summary>
    internal static DenseTable<T> Trim<T>(DenseTable<T> table, int capacity, GenIndexTable indices) =>
        Replace(table, capacity, spare: null, indices);

    private static bool IsSparse<T>(DenseTable<T> table, int live) => live <= table.Used / 2;

    private static DenseTable<T> Replace<T>(DenseTable<T> table, int capacity, DenseTable<T>? spare, GenIndexTable indices)
    {
        var replacement = new DenseTable<T>(capacity, spare);
        table.CopyTo(replacement, indices);
        return replacement;
    }
}
