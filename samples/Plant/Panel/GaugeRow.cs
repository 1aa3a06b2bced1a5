using Signals;
using Signals.Remote;

namespace Plant.Panel;

/// <summary>A gauge on the screen.</summary>
internal sealed class GaugeRow : IPanelRow
{
    private readonly CatalogueEntry _entry;
    private readonly RemoteProperty<double> _value;

    /// <summary>Imports a gauge.</summary>
    /// <param name="importer">The importer.</param>
    /// <param name="entry">The gauge.</param>
    /// <param name="evaluator">The evaluator of the panel, which runs the slots.</param>
    /// <param name="changed">The delegate that is called after a change.</param>
    internal GaugeRow(ISignalImporter importer, CatalogueEntry entry, ConnectionEvaluator evaluator, Action changed)
    {
        _entry = entry;

        // A picture shows the latest value only: the others need not be sent.
        _value = importer.ImportProperty<double>(entry.Name, new ImportOptions { Overflow = RemoteOverflow.Latest, Evaluator = evaluator });
        _value.StateChanged.Connect(changed);

        // The connection is what subscribes the import.
        _value.Connect(changed);
    }

    internal string Name => _entry.Name;

    public IEnumerable<PanelLine> Lines => [new PanelLine(_entry.Title, _value.HasValue ? $"{_value.Value:N1}" : "", _entry.Unit, _value.State)];

    public void Dispose() => _value.Dispose();
}
