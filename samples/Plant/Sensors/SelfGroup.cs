namespace Plant.Sensors;

/// <summary>The cost of the exports themselves.</summary>
internal sealed class SelfGroup : GaugeGroup
{
    private const double BytesPerMebibyte = 1024 * 1024;

    private readonly PlantSensors _sensors;
    private readonly TimerSensor _timer;
    private readonly Gauge _emitTime;
    private readonly Gauge _emitted;
    private readonly Gauge _dropped;
    private readonly Gauge _subscriptions;
    private readonly Gauge _measurements;
    private readonly Gauge _heap;
    private readonly Rate _emissions;

    internal SelfGroup(PlantSensors sensors, TimerSensor timer, TimeProvider clock)
        : base("sensors")
    {
        _sensors = sensors;
        _timer = timer;
        _emissions = new Rate(clock);
        _emitTime = Add(Names.EmitTime, "an emission of the timer, median", "µs");
        _emitted = Add("plant.self.emitted", "emissions of the timer", "/s");
        _dropped = Add("plant.self.dropped", "dropped at full queues", "");
        _subscriptions = Add(Names.Subscriptions, "subscriptions of all importers", "");
        _measurements = Add(Names.Measurements, "measurements so far", "");
        _heap = Add("plant.self.heap", "managed heap", "MiB");
    }

    internal override void Measure()
    {
        _emitTime.Value = _timer.MedianEmitTime.TotalMicroseconds;
        _emitted.Value = _emissions.Of(_timer.Count);
        _dropped.Value = _sensors.DroppedCount;
        _subscriptions.Value = _sensors.SubscriptionCount;
        _heap.Value = GC.GetTotalMemory(forceFullCollection: false) / BytesPerMebibyte;
        _measurements.Value = _sensors.MeasurementCount;
    }
}
