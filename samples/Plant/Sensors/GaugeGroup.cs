namespace Plant.Sensors;

/// <summary>Gauges that are read together, from the same file for example.</summary>
/// <param name="page">The page on which a panel shows them.</param>
internal abstract class GaugeGroup(string page)
{
    private readonly List<Gauge> _gauges = [];

    internal IReadOnlyList<Gauge> Gauges => _gauges;

    /// <summary>Gets a value that indicates whether an importer sees one of the gauges. Otherwise, there is no need to measure.</summary>
    internal bool IsWanted => _gauges.Exists(static gauge => gauge.SubscriberCount > 0);

    /// <summary>Measures all gauges.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">A file has another format.</exception>
    internal abstract void Measure();

    private protected Gauge Add(string name, string title, string unit)
    {
        var gauge = new Gauge(new CatalogueEntry(page, name, title, unit));
        _gauges.Add(gauge);
        return gauge;
    }
}
