namespace RxDashboard;

/// <summary>Reads the figures that the runtime provides on every system, which are fewer than those of an operating system.</summary>
internal sealed class RuntimeReader : IMachineReader
{
    private readonly TimeProvider _clock;
    private readonly long _started;

    internal RuntimeReader(TimeProvider clock)
    {
        _clock = clock;
        _started = clock.GetTimestamp();
        if (GC.GetGCMemoryInfo().MemoryLoadBytes == 0)
        {
            // The collector measures the machine's memory in each collection, and there has been none yet.
            GC.Collect(0);
        }
    }

    public string Source => "There is no /proc here. CPU of this process, memory of the machine as of the last garbage collection";

    public CpuTimes ReadCpu()
    {
        TimeSpan possible = _clock.GetElapsedTime(_started) * Environment.ProcessorCount;
        return new CpuTimes(Environment.CpuUsage.TotalTime.Ticks, possible.Ticks);
    }

    public MemoryUse ReadMemory()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return new MemoryUse(memory.MemoryLoadBytes, memory.TotalAvailableMemoryBytes);
    }

    public GcCounters ReadGc() => GcCounters.OfThisProcess();
}
