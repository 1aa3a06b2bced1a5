using Signals.Remote;

namespace Plant;

/// <summary>The gauges that the sensors export. They differ from machine to machine.</summary>
/// <param name="Gauges">The gauges, in the order in which a panel shows them.</param>
internal sealed record Catalogue(CatalogueEntry[] Gauges)
{
    /// <summary>Gets the codec. A type that is not built in needs one, and both sides use its name.</summary>
    internal static JsonSignalCodec<Catalogue> Codec { get; } = new("plant.Catalogue", CatalogueJson.Default.Catalogue);
}
