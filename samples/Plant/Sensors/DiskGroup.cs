namespace Plant.Sensors;

/// <summary>The work of a disk, from <c>/proc/diskstats</c>.</summary>
internal sealed class DiskGroup : GaugeGroup
{
    internal const string File = "diskstats";
    private const int MostDisks = 3;
    private const double SectorsPerKibibyte = 2;
    private const double MillisecondsPerPercent = 10;

    // The columns of the file, as in the kernel's documentation of I/O statistics.
    private const int Device = 2;
    private const int Reads = 3;
    private const int SectorsRead = 5;
    private const int Writes = 7;
    private const int SectorsWritten = 9;
    private const int BusyMilliseconds = 12;

    private readonly string _device;
    private readonly (int Column, double Divisor, Gauge Gauge, Rate Rate)[] _rates;

    private DiskGroup(string device, TimeProvider clock)
        : base("disks")
    {
        _device = device;
        string name = $"plant.disk.{Names.Segment(device)}";
        _rates =
        [
            (BusyMilliseconds, MillisecondsPerPercent, Add($"{name}.busy", $"{device} busy", "%"), new Rate(clock)),
            (SectorsRead, SectorsPerKibibyte, Add($"{name}.read", $"{device} read", "KiB/s"), new Rate(clock)),
            (SectorsWritten, SectorsPerKibibyte, Add($"{name}.written", $"{device} written", "KiB/s"), new Rate(clock)),
            (Reads, 1, Add($"{name}.reads", $"{device} reads", "/s"), new Rate(clock)),
            (Writes, 1, Add($"{name}.writes", $"{device} writes", "/s"), new Rate(clock)),
        ];
    }

    /// <summary>Returns a group for each disk that is not made of memory or a file.</summary>
    internal static IEnumerable<DiskGroup> OfThisMachine(TimeProvider clock) =>
        ProcFile
            .Read(File)
            .Where(static columns => columns.Length > BusyMilliseconds && IsDisk(columns[Device]))
            .Take(MostDisks)
            .Select(columns => new DiskGroup(columns[Device], clock));

    internal override void Measure()
    {
        if (ProcFile.Read(File).FirstOrDefault(columns => columns.Length > BusyMilliseconds && columns[Device] == _device) is not { } columns)
        {
            // It was removed: its gauges keep their values.
            return;
        }

        foreach ((int column, double divisor, Gauge gauge, Rate rate) in _rates)
        {
            gauge.Value = rate.Of(ProcFile.Number(columns[column]) / divisor);
        }
    }

    /// <summary>Partitions have no folder of their own there.</summary>
    private static bool IsDisk(string device) =>
        !device.StartsWith("loop", StringComparison.Ordinal)
        && !device.StartsWith("ram", StringComparison.Ordinal)
        && Directory.Exists(Path.Combine("/sys/block", device));
}
