using Signals;
using Signals.Remote;

namespace Plant.Sensors;

/// <summary>
/// Measures the machine and exports the results. It knows an <see cref="ISignalExporter"/> only, so it works with any exchange. After the first
/// measurement, what no importer sees is not measured.
/// </summary>
internal sealed class PlantSensors : IDisposable
{
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);
    internal static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    /// <summary>The timer's values that may wait for one importer: some seconds of them, so that a machine under load loses none.</summary>
    private const int TimerCapacity = 16 * 1024;

    private readonly Action<string> _say;
    private readonly TimerSensor _timer = new();
    private readonly Property<TimeSpan> _interval = new(TimeSpan.FromSeconds(1));
    private readonly List<GaugeGroup> _groups;
    private readonly List<RemoteExport> _exports = [];
    private readonly ITimer _clock;

    /// <summary>Held during a measurement.</summary>
    private readonly Lock _measuring = new();

    private long _measurements;

    internal PlantSensors(ISignalExporter exporter, IEnumerable<GaugeGroup> groups, TimeProvider clock, Action<string> say)
    {
        _say = say;
        _groups = [.. groups, new SelfGroup(this, _timer, clock)];
        var gauges = _groups.SelectMany(static group => group.Gauges).ToList();
        _exports.AddRange(gauges.Select(gauge => gauge.ExportBy(exporter)));
        _exports.Add(exporter.Export(Names.Lateness, _timer.Lateness, new ExportOptions { Capacity = TimerCapacity }));

        var catalogue = new Property<Catalogue>(new Catalogue([.. gauges.Select(static gauge => gauge.Description)]));
        _exports.Add(exporter.Export(Names.Catalogue, catalogue, Catalogue.Codec));

        ExportedProperty<TimeSpan> interval = exporter.Export(Names.Interval, _interval);
        interval.SetRequested = (subscriber, value) => ValueTask.FromResult(Checked(subscriber, value));
        _exports.Add(interval);

        _clock = clock.CreateTimer(_ => Measure(), null, TimeSpan.Zero, _interval.Value);
        _interval.Connect(value => _clock.Change(value, value));
    }

    /// <summary>Gets the number of exported names.</summary>
    internal int ExportCount => _exports.Count;

    internal long SubscriptionCount => _exports.Sum(static export => (long)export.SubscriberCount);

    internal long DroppedCount => _exports.Sum(static export => export.DroppedCount);

    internal long MeasurementCount => Volatile.Read(ref _measurements);

    public void Dispose()
    {
        _clock.Dispose();
        _exports.ForEach(static export => export.Dispose());
        _timer.Dispose();
        lock (_measuring)
        {
            // A measurement may be active: what it uses is disposed after it.
            _groups.SelectMany(static group => group.Gauges).ToList().ForEach(static gauge => gauge.Dispose());
            _groups.OfType<IDisposable>().ToList().ForEach(static group => group.Dispose());
            _groups.Clear();
        }
    }

    /// <summary>Returns the interval to store. The text of an exception reaches the importer that asked.</summary>
    private TimeSpan Checked(RemoteSubscriber subscriber, TimeSpan value)
    {
        if (value < ShortestInterval || value > LongestInterval)
        {
            throw new ArgumentException($"the interval is {ShortestInterval.TotalSeconds} s to {LongestInterval.TotalSeconds} s");
        }

        _say($"{(subscriber.ProcessId is { } id ? $"process {id}" : "the hub")} sets the interval to {value.TotalSeconds} s");
        return value;
    }

    private void Measure()
    {
        if (!_measuring.TryEnter())
        {
            // The previous measurement takes longer than an interval.
            return;
        }

        try
        {
            bool isFirst = Interlocked.Increment(ref _measurements) == 1;

            // What is measured together is told together.
            using PropertyBatch batch = Property.Batch();
            foreach (GaugeGroup group in _groups.Where(group => isFirst || group.IsWanted))
            {
                group.Measure();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            _say($"not measured: {exception.Message}");
        }
        finally
        {
            _measuring.Exit();
        }
    }
}
