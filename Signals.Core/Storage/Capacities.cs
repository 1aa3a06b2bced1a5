using System.Numerics;

namespace Signals;

/// <summary>How the tables grow: in small steps while a few bytes matter, by doubling afterwards.</summary>
internal static class Capacities
{
    /// <summary>From here on capacities are powers of two and dense tables grow by adding a chunk, without copying.</summary>
    internal const int Chunked = 64;

    /// <summary>The first dense table; a signal's single connection needs none.</summary>
    internal const int SmallestDense = 4;

    /// <summary>The smallest table that is kept in reserve.</summary>
    internal const int SmallestSpare = 12;

    /// <summary>The next capacity above one that is full.</summary>
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

    /// <summary>The smallest capacity that holds <paramref name="count"/> values.</summary>
    internal static int Fit(int count) =>
        count switch
        {
            <= SmallestDense => SmallestDense,
            <= 12 => 12,
            <= 32 => 32,
            _ => (int)BitOperations.RoundUpToPowerOf2((uint)count),
        };
}
