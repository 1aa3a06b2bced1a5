namespace Plant.Sensors;

/// <summary>The memory as the last garbage collection saw it: what the runtime knows on every system, instead of <see cref="MemoryGroup"/>.</summary>
internal sealed class CollectorMemoryGroup : GaugeGroup
{
    private const double BytesPerMebibyte = 1024 * 1024;

    private readonly Gauge _used;
    private readonly Gauge _total;

    internal CollectorMemoryGroup()
        : base("memory")
    {
        _used = Add(Names.MemoryUsed, "used", "%");
        _total = Add("plant.memory.total", "total", "MiB");
    }

    internal override void Measure()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        _used.Value = memory.TotalAvailableMemoryBytes > 0 ? 100.0 * memory.MemoryLoadBytes / memory.TotalAvailableMemoryBytes : 0;
        _total.Value = memory.TotalAvailableMemoryBytes / BytesPerMebibyte;
    }
}
