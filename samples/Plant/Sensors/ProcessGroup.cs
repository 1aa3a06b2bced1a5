using System.Diagnostics;

namespace Plant.Sensors;

/// <summary>A process of one's choice.</summary>
internal sealed class ProcessGroup : GaugeGroup, IDisposable
{
    private const double BytesPerMebibyte = 1024 * 1024;

    private readonly Process _process;
    private readonly Gauge _load;
    private readonly Gauge _memory;
    private readonly Gauge _threads;
    private readonly Gauge _handles;
    private readonly Gauge _age;
    private readonly Rate _seconds;

    /// <summary>Initializes the gauges of a process.</summary>
    /// <param name="id">The id of the process.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="ArgumentException">There is no such process.</exception>
    internal ProcessGroup(int id, TimeProvider clock)
        : base("process")
    {
        _process = Process.GetProcessById(id);
        string name = _process.ProcessName;
        _load = Add("plant.process.load", $"{name} ({id}), of one core", "%");
        _memory = Add("plant.process.memory", "resident memory", "MiB");
        _threads = Add("plant.process.threads", "threads", "");
        _handles = Add("plant.process.handles", "open files and handles", "");
        _age = Add("plant.process.cpu-time", "processor time so far", "s");
        _seconds = new Rate(clock);
    }

    internal override void Measure()
    {
        _process.Refresh();
        if (_process.HasExited)
        {
            // Its gauges keep their values.
            return;
        }

        _load.Value = 100 * _seconds.Of(_process.TotalProcessorTime.TotalSeconds);
        _age.Value = _process.TotalProcessorTime.TotalSeconds;
        _memory.Value = _process.WorkingSet64 / BytesPerMebibyte;
        _threads.Value = _process.Threads.Count;
        _handles.Value = _process.HandleCount;
    }

    public void Dispose() => _process.Dispose();
}
