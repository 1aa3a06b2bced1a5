namespace RxDashboard;

/// <summary>The figures of the garbage collector of this process so far.</summary>
/// <param name="HeapBytes">The heap, with what has been allocated since the last collection.</param>
/// <param name="AllocatedBytes">All that has ever been allocated.</param>
/// <param name="Collections">The collections of all generations.</param>
/// <param name="FullCollections">Those that included the oldest generation.</param>
/// <param name="Pause">For how long they have stopped the process, together.</param>
internal readonly record struct GcCounters(long HeapBytes, long AllocatedBytes, int Collections, int FullCollections, TimeSpan Pause)
{
    internal static GcCounters OfThisProcess() =>
        new(
            GC.GetTotalMemory(forceFullCollection: false),
            GC.GetTotalAllocatedBytes(),
            GC.CollectionCount(0),
            GC.CollectionCount(GC.MaxGeneration),
            GC.GetTotalPauseDuration()
        );
}
