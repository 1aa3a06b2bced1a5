namespace RxDashboard;

/// <summary>Reads how a machine is doing at this moment.</summary>
internal interface IMachineReader
{
    /// <summary>Says where the numbers come from.</summary>
    string Source { get; }

    CpuTimes ReadCpu();

    MemoryUse ReadMemory();

    GcCounters ReadGc();
}
