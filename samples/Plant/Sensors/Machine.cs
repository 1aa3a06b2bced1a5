namespace Plant.Sensors;

/// <summary>Finds the gauges that this machine has.</summary>
internal static class Machine
{
    /// <summary>Returns the groups of gauges. On systems without <c>/proc</c> they are fewer.</summary>
    /// <param name="processId">The process to watch.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="ArgumentException">There is no such process.</exception>
    internal static IEnumerable<GaugeGroup> FindGauges(int processId, TimeProvider clock) =>
        [
            ProcFile.Exists(CpuGroup.Stat) ? new CpuGroup(clock) : new OwnCpuGroup(clock),
            ProcFile.Exists(MemoryGroup.File) ? new MemoryGroup() : new CollectorMemoryGroup(),
            .. ProcFile.Exists(DiskGroup.File) ? DiskGroup.OfThisMachine(clock) : [],
            .. VolumeGroup.OfThisMachine(),
            .. NetworkGroup.OfThisMachine(clock),
            new ProcessGroup(processId, clock),
        ];
}
