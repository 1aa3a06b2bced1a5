namespace Plant.Sensors;

/// <summary>The memory of the machine, from <c>/proc/meminfo</c>.</summary>
internal sealed class MemoryGroup : GaugeGroup
{
    internal const string File = "meminfo";
    private const string Total = "MemTotal";
    private const string Available = "MemAvailable";
    private const double KibibytesPerMebibyte = 1024;

    private readonly Gauge _used;

    /// <summary>The gauge of each line of the file.</summary>
    private readonly Dictionary<string, Gauge> _sizes = [];

    internal MemoryGroup()
        : base("memory")
    {
        _used = Add(Names.MemoryUsed, "used", "%");
        foreach (
            (string line, string title) in (ReadOnlySpan<(string, string)>)
                [
                    (Total, "total"),
                    (Available, "available"),
                    ("MemFree", "free"),
                    ("Buffers", "buffers"),
                    ("Cached", "page cache"),
                    ("Dirty", "not yet written to disks"),
                    ("AnonPages", "of processes"),
                    ("Shmem", "shared"),
                    ("Slab", "of the kernel"),
                    ("PageTables", "page tables"),
                    ("SwapFree", "free swap space"),
                    ("Committed_AS", "promised"),
                ]
        )
        {
            _sizes.Add(line, Add($"plant.memory.{Names.Segment(line)}", title, "MiB"));
        }
    }

    internal override void Measure()
    {
        var kibibytes = ProcFile
            .Read(File)
            .Where(static columns => columns.Length > 1)
            .ToDictionary(static columns => columns[0], static columns => columns[1]);
        double total = ProcFile.Number(kibibytes.GetValueOrDefault(Total, "0"));
        double available = ProcFile.Number(kibibytes.GetValueOrDefault(Available, "0"));
        _used.Value = total > 0 ? 100 * (total - available) / total : 0;
        foreach ((string line, Gauge gauge) in _sizes)
        {
            gauge.Value = ProcFile.Number(kibibytes.GetValueOrDefault(line, "0")) / KibibytesPerMebibyte;
        }
    }
}
