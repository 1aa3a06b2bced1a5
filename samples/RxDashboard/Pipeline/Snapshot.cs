namespace RxDashboard;

/// <summary>The content of the dashboard at one moment.</summary>
/// <param name="At">The time, counted from the start.</param>
/// <param name="Cpu">The load of the last second.</param>
/// <param name="Memory">The machine's memory.</param>
/// <param name="Gc">The garbage collector's counters.</param>
/// <param name="HeapBytes">The size of this process's heap.</param>
/// <param name="Allocation">The number of bytes that this process allocated in the last second.</param>
/// <param name="Collections">The garbage collections that were detected.</param>
/// <param name="Pressure">The level of load on the processors.</param>
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
