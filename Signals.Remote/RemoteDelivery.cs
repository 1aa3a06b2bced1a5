namespace Signals.Remote;

/// <summary>The destination of a batch of a <see cref="RemoteBroadcast"/>: one importer, or all importers of an export.</summary>
public readonly struct RemoteDelivery : IEquatable<RemoteDelivery>
{
    /// <summary>
    /// Gets the importer that receives the batch. Null if the batch contains emissions for all importers of <see cref="Name"/>.
    /// </summary>
    public RemoteOutlet? Importer { get; init; }

    /// <summary>Gets the name of the export. Null if the batch is for one importer.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the name of the encoded type of the values. Null if the batch is for one importer.</summary>
    public string? TypeName { get; init; }

    /// <summary>Gets the number that identifies the export. The numbers of emissions with the same epoch can be compared.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Gets the number of emissions before those of the batch.</summary>
    public ulong Before { get; init; }

    /// <summary>Gets the number of the last emission of the batch.</summary>
    public ulong Last { get; init; }

    /// <summary>Compares two values.</summary>
    /// <param name="left">A value.</param>
    /// <param name="right">Another one.</param>
    /// <returns><see langword="true"/> if they are equal.</returns>
    public static bool operator ==(RemoteDelivery left, RemoteDelivery right) => left.Equals(right);

    /// <summary>Compares two values.</summary>
    /// <param name="left">A value.</param>
    /// <param name="right">Another one.</param>
    /// <returns><see langword="true"/> if they are not equal.</returns>
    public static bool operator !=(RemoteDelivery left, RemoteDelivery right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(RemoteDelivery other) =>
        Importer == other.Importer
        && Name == other.Name
        && TypeName == other.TypeName
        && Epoch == other.Epoch
        && Before == other.Before
        && Last == other.Last;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RemoteDelivery other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Importer, Name, Epoch, Before, Last);
}
