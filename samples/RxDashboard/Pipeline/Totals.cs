namespace RxDashboard;

/// <summary>The totals of a whole run.</summary>
/// <param name="Snapshots">The number of snapshots.</param>
/// <param name="CpuSum">The sum of the loads in the snapshots.</param>
/// <param name="CpuPeak">The highest load between two measurements.</param>
/// <param name="MemoryMost">The maximum memory in use.</param>
/// <param name="Last">The last snapshot.</param>
internal sealed record Totals(int Snapshots, double CpuSum, double CpuPeak, MemoryUse MemoryMost, Snapshot? Last)
{
    /// <summary>The totals of a run without measurements.</summary>
    internal static readonly Totals None = new(0, 0, 0, default, null);

    internal double CpuAverage => Snapshots == 0 ? 0 : CpuSum / Snapshots;

    /// <summary>Returns the totals with a further snapshot.</summary>
    internal Totals Add(Snapshot snapshot) =>
        new(
            Snapshots + 1,
            CpuSum + snapshot.Cpu.Now.Average,
            Math.Max(CpuPeak, snapshot.Cpu.Now.Peak),
            snapshot.Memory.Now.Used > MemoryMost.Used ? snapshot.Memory.Now : MemoryMost,
            snapshot
        );
}
