using System.Numerics;

namespace Signals;

/// <summary>Capacities of the tables: they grow in small steps while a few bytes matter, and double afterwards.</summary>
internal static class Capacities
{
    /// <summary>Capacity from which on capacities are powers of two, and dense tables grow by a chunk without copying.</summary>
    internal const int Chunked = 64;

    /// <summary>Capacity of the smallest dense table. A single connection of a signal needs no table.</summary>
    internal const int SmallestDense = 4;

    /// <summary>
    /// Smallest capacity of the successor of a full table that consists mostly of holes. Such a table holds connections that come and go: with room for
    /// four, every third connect would allocate another table.
    /// </summary>
    internal const int SmallestChurned = 12;

    /// <summary>Capacity of the smallest spare table.</summary>
    internal const int SmallestSpare = 12;

    /// <summary>Returns the next capacity above a specified one.</summary>
    internal static int Next(int capacity) =>
        capacity switch
        {
            0 => 1,
            < 4 => 4,
            < 12 => 12,
            < 32 => 32,
            < Chunked => Chunked,
            _ => checked((int)BitOperations.RoundUpToPowerOf2((uint)capacity + 1)),
        };

    /// <summary>Returns the smallest capacity that holds <paramref name="count"/> values.</summary>
    internal static int Fit(int count) =>
        count switch
        {
            <= SmallestDense => SmallestDense,
            <= 12 => 12,
            <= 32 => 32,
            _ => (int)BitOperations.RoundUpToPowerOf2((uint)count),
        };
}
