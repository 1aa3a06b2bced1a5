namespace Plant.Sensors;

/// <summary>The load that this process causes: what the runtime knows on every system, instead of <see cref="CpuGroup"/>.</summary>
internal sealed class OwnCpuGroup : GaugeGroup
{
    private readonly Gauge _load;
    private readonly Rate _seconds;

    internal OwnCpuGroup(TimeProvider clock)
        : base("cpu")
    {
        _load = Add(Names.CpuLoad, "this process, of all cores", "%");
        _seconds = new Rate(clock);
    }

    internal override void Measure() => _load.Value = 100 * _seconds.Of(Environment.CpuUsage.TotalTime.TotalSeconds) / Environment.ProcessorCount;
}
