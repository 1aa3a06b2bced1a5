namespace RxDashboard;

/// <summary>The totals of a whole run.</summary>
/// <param name="Snapshots">How many snapshots it is made of.</param>
/// <param name="CpuSum">The sum of their loads.</param>
/// <param name="CpuPeak">The highest load between two looks.</param>
/// <param name="MemoryMost">The most memory that was in use.</param>
/// <param name="Last">The last snapshot.</param>
internal sealed record Totals(int Snapshots, double CpuSum, double CpuPeak, MemoryUse MemoryMost, Snapshot? Last)
{
    /// <summary>A run in which nothing was measured yet.</summary>
    internal static readonly Totals None = new(0, 0, 0, default, null);

    internal double CpuAverage => Snapshots == 0 ? 0 : CpuSum / Snapshots;

    /// <summary>Takes a snapshot into account.</summary>
    internal Totals Add(Snapshot snapshot) =>
        new(
            Snapshots + 1,
            CpuSum + snapshot.Cpu.Now.Average,
            Math.Max(CpuPeak, snapshot.Cpu.Now.Peak),
            snapshot.Memory.Now.Used > MemoryMost.Used ? snapshot.Memory.Now : MemoryMost,
            snapshot
        );
}
