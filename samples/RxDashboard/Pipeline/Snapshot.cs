namespace RxDashboard;

/// <summary>All that the dashboard shows at one moment.</summary>
/// <param name="At">When, counted from the start.</param>
/// <param name="Cpu">The load of the last second.</param>
/// <param name="Memory">The machine's memory.</param>
/// <param name="Gc">The garbage collector's counters.</param>
/// <param name="HeapBytes">The size of this process's heap.</param>
/// <param name="Allocation">How many bytes a second this process allocated in the last second.</param>
/// <param name="Collections">The garbage collections that were noticed.</param>
/// <param name="Pressure">How hard the processors are pressed.</param>
internal sealed record Snapshot(
    TimeSpan At,
    Tracked<CpuLoad> Cpu,
    Tracked<MemoryUse> Memory,
    GcCounters Gc,
    Tracked<long> HeapBytes,
    Tracked<double> Allocation,
    CollectionLog Collections,
    Pressure Pressure
);
