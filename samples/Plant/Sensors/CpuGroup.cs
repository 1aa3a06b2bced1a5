namespace Plant.Sensors;

/// <summary>The load of each core, from <c>/proc/stat</c>, and the load averages, from <c>/proc/loadavg</c>.</summary>
internal sealed class CpuGroup : GaugeGroup
{
    internal const string Stat = "stat";
    private const string LoadAverage = "loadavg";

    // The columns of /proc/stat, as in proc_stat(5), without the label. Those after these count the time of guests, which are in the others already.
    private const int Idle = 3;
    private const int WaitingForDisk = 4;
    private const int Counted = 8;

    /// <summary>The gauge of each label: "cpu" for all cores, "cpu0" for the first one.</summary>
    private readonly Dictionary<string, (Gauge Load, Share Share)> _cores = [];
    private readonly Dictionary<string, (Gauge Gauge, Rate Rate)> _rates = [];
    private readonly Dictionary<string, Gauge> _counts = [];
    private readonly Gauge[] _averages;

    internal CpuGroup(TimeProvider clock)
        : base("cpu")
    {
        _cores.Add("cpu", (Add(Names.CpuLoad, "all cores", "%"), new Share()));
        for (int core = 0; core < Environment.ProcessorCount; core++)
        {
            _cores.Add($"cpu{core}", (Add($"plant.cpu.{core}.load", $"core {core}", "%"), new Share()));
        }

        _averages =
        [
            Add("plant.cpu.average.1", "waiting or running, 1 min", ""),
            Add("plant.cpu.average.5", "waiting or running, 5 min", ""),
            Add("plant.cpu.average.15", "waiting or running, 15 min", ""),
        ];
        _counts.Add("procs_running", Add("plant.cpu.running", "running now", ""));
        _counts.Add("procs_blocked", Add("plant.cpu.blocked", "waiting for a disk now", ""));
        _rates.Add("ctxt", (Add("plant.cpu.switches", "context switches", "/s"), new Rate(clock)));
        _rates.Add("intr", (Add("plant.cpu.interrupts", "interrupts", "/s"), new Rate(clock)));
        _rates.Add("processes", (Add("plant.cpu.forks", "new processes", "/s"), new Rate(clock)));
    }

    internal override void Measure()
    {
        foreach (string[] columns in ProcFile.Read(Stat))
        {
            if (columns is not [string label, .. string[] numbers] || numbers.Length == 0)
            {
                continue;
            }

            if (_cores.TryGetValue(label, out (Gauge Load, Share Share) core) && numbers.Length > WaitingForDisk)
            {
                double total = numbers.Take(Counted).Sum(ProcFile.Number);
                double idle = ProcFile.Number(numbers[Idle]) + ProcFile.Number(numbers[WaitingForDisk]);
                core.Load.Value = core.Share.Of(total - idle, total);
            }
            else if (_rates.TryGetValue(label, out (Gauge Gauge, Rate Rate) rate))
            {
                rate.Gauge.Value = rate.Rate.Of(ProcFile.Number(numbers[0]));
            }
            else if (_counts.TryGetValue(label, out Gauge? count))
            {
                count.Value = ProcFile.Number(numbers[0]);
            }
        }

        foreach ((Gauge gauge, string average) in _averages.Zip(ProcFile.Read(LoadAverage).First()))
        {
            gauge.Value = ProcFile.Number(average);
        }
    }
}
