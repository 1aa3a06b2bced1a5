using System.Numerics;

namespace Signals;

/// <summary>Growth and replacement of dense tables, shared by all of their owners.</summary>
internal static class DenseGrowth
{
    /// <summary>
    /// Returns the successor of a full table: the same table with a new chunk, or a new one with the same values. A table of which at least
    /// half are holes is replaced by one that is at most half full, so that the cost of copying is amortized over the additions until the
    /// next replacement.
    /// </summary>
    /// <param name="table">The full table.</param>
    /// <param name="indices">The indices of the values.</param>
    /// <param name="smallest">The minimum number of values for which the successor has room if the table consists mostly of holes.</param>
    internal static DenseTable<T> Grow<T>(DenseTable<T> table, GenIndexTable indices, int smallest = 0)
    {
        int live = indices.LiveCount;
        if (!Moves(table, live))
        {
            table.AddChunk();
            return table;
        }

        return Replace(
            table,
            IsSparse(table, live) ? Capacities.Fit(Math.Max(live * 2, smallest)) : Capacities.Next(table.Capacity),
            table.Spare,
            indices
        );
    }

    /// <summary>Determines whether the successor of a full table with the specified number of values is another table.</summary>
    internal static bool Moves<T>(DenseTable<T> table, int live) =>
        IsSparse(table, live) || table.Capacity < Capacities.Chunked || !BitOperations.IsPow2(table.Capacity);

    /// <summary>
    /// Returns a table that does not consist mostly of holes: the same one, or its spare with the same values. Allocates no memory.
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

    /// <summary>Returns a table with the same values, without holes and with the specified capacity.</summary>
    internal static DenseTable<T> Trim<T>(DenseTable<T> table, int capacity, GenIndexTable indices) => Replace(table, capacity, spare: null, indices);

    private static bool IsSparse<T>(DenseTable<T> table, int live) => live <= table.Used / 2;

    private static DenseTable<T> Replace<T>(DenseTable<T> table, int capacity, DenseTable<T>? spare, GenIndexTable indices)
    {
        var replacement = new DenseTable<T>(capacity, spare);
        table.CopyTo(replacement, indices);
        return replacement;
    }
}
