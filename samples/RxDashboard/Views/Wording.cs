namespace RxDashboard;

/// <summary>Formats numbers for people.</summary>
internal static class Wording
{
    private const double Kibi = 1024;

    /// <summary>The number from which the next unit is used, so that there are never more than three digits before the point.</summary>
    private const double NextUnitFrom = 1000;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Returns a size in a suitable unit.</summary>
    internal static string Bytes(double bytes)
    {
        int unit = 0;
        while (bytes >= NextUnitFrom && unit < Units.Length - 1)
        {
            bytes /= Kibi;
            unit++;
        }

        return unit == 0 ? $"{bytes:F0} {Units[unit]}" : $"{bytes:F1} {Units[unit]}";
    }

    internal static string Percent(double fraction) => $"{100 * fraction:N1} %";

    internal static string Seconds(TimeSpan time) => $"{time.TotalSeconds:N1} s";

    internal static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:N1} ms";

    internal static string Memory(MemoryUse memory) => $"{Bytes(memory.Used)} of {Bytes(memory.Total)}";

    internal static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count:N0} {noun}s";

    internal static string Level(PressureLevel level) =>
        level switch
        {
            PressureLevel.Calm => "calm",
            PressureLevel.Busy => "busy",
            PressureLevel.Saturated => "saturated",
            _ => "settling",
        };

    internal static string Summary(Totals totals) =>
        totals.Last is not { } last
            ? "Ended before the first second was over: nothing to sum up."
            : $"Total of {Seconds(last.At)}: CPU {Percent(totals.CpuAverage)} on average, {Percent(totals.CpuPeak)} at most; "
                + $"memory {Memory(totals.MemoryMost)} at most; "
                + $"{Bytes(last.Gc.AllocatedBytes)} allocated, {Count(last.Gc.Collections, "collection")}, {Milliseconds(last.Gc.Pause)} paused.";
}
