namespace RxDashboard;

/// <summary>Reads the current figures of a machine.</summary>
internal interface IMachineReader
{
    /// <summary>Gets a description of the source of the figures.</summary>
    string Source { get; }

    CpuTimes ReadCpu();

    MemoryUse ReadMemory();

    GcCounters ReadGc();
}
