using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Signals.Tests.Telemetry.Support;

/// <summary>Collects the measurements of the library with the SDK of OpenTelemetry.</summary>
internal sealed class Metered : IDisposable
{
    private readonly List<MetricSnapshot> _exported = [];
    private readonly MeterProvider _provider;

    internal Metered() =>
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter("Signals.Core", "Signals.Remote", "Signals.Ipc").AddInMemoryExporter(_exported).Build();

    /// <summary>Collects all instruments, and returns those with measurements.</summary>
    internal IReadOnlyList<MetricSnapshot> Collect()
    {
        _exported.Clear();
        _provider.ForceFlush();
        return [.. _exported];
    }

    /// <summary>Collects the measurements of an instrument that have an attribute with a value, or all if <paramref name="attribute"/> is null.</summary>
    internal Point[] Points(string instrument, string? attribute = null, object? value = null) =>
        [
            .. Collect()
                .Where(metric => metric.Name == instrument)
                .SelectMany(metric => metric.MetricPoints.Select(point => Point.Of(metric, point)))
                .Where(point => attribute is null || Equals(point.Attributes.GetValueOrDefault(attribute), value)),
        ];

    /// <summary>Collects the sum of the measurements of an instrument, or null if there are none.</summary>
    internal double? Sum(string instrument, string? attribute = null, object? value = null) =>
        Points(instrument, attribute, value) is { Length: > 0 } points ? points.Sum(point => point.Value) : null;

    public void Dispose() => _provider.Dispose();
}
