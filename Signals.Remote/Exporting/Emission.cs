namespace Signals.Remote;

/// <summary>An emission of an export.</summary>
internal struct Emission
{
    /// <summary>The value, or null if there is a gap.</summary>
    internal Payload? Payload;

    /// <summary>The kind of the gap.</summary>
    internal OutKind Gap;

    /// <summary>The number among the emissions of the export.</summary>
    internal long Number;

    /// <summary>The number among the emissions of all exports of the exporter.</summary>
    internal long Order;
}
