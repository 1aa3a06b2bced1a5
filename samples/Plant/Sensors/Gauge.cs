using Signals;
using Signals.Remote;

namespace Plant.Sensors;

/// <summary>A figure of the machine, as a property.</summary>
/// <param name="description">Its place in the catalogue.</param>
internal sealed class Gauge(CatalogueEntry description) : IDisposable
{
    private readonly Property<double> _value = new(0);
    private ExportedProperty<double>? _export;

    internal CatalogueEntry Description => description;

    internal double Value
    {
        set => _value.Value = value;
    }

    /// <summary>Gets the number of importers that see the gauge at the moment.</summary>
    internal int SubscriberCount => _export?.SubscriberCount ?? 0;

    internal ExportedProperty<double> ExportBy(ISignalExporter exporter) => _export = exporter.Export(description.Name, _value);

    public void Dispose() => _value.Dispose();
}
