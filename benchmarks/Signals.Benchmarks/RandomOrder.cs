namespace Signals.Benchmarks;

/// <summary>The same random order in every run and for every peer.</summary>
internal static class RandomOrder
{
    private const int Seed = 20261121;

    internal static void Shuffle<T>(T[] items)
    {
        // Only determines the order, which need not be secure.
#pragma warning disable CA5394
        new Random(Seed).Shuffle(items);
#pragma warning restore CA5394
    }
}
