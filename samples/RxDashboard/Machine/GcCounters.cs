namespace RxDashboard;

/// <summary>The figures of the garbage collector of this process so far.</summary>
/// <param name="HeapBytes">The size of the heap, including allocations since the last collection.</param>
/// <param name="AllocatedBytes">The total of all allocations.</param>
/// <param name="Collections">The number of collections of all generations.</param>
/// <param name="FullCollections">The number of collections that included the oldest generation.</param>
/// <param name="Pause">The total time for which collections have paused the process.</param>
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
