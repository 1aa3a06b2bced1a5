namespace Signals.Ipc.Transport;

/// <summary>The identity of a peer that its transport has verified. A host shows it in the <see cref="ClientInfo"/> of the client.</summary>
public sealed record PeerIdentity
{
    /// <summary>Gets the id of the process, or null if it is not known.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the id of the user that the process runs as, or null if it is not known.</summary>
    public uint? UserId { get; init; }

    /// <summary>Gets the id of the group that the process runs as, or null if it is not known.</summary>
    public uint? GroupId { get; init; }

    /// <summary>Gets the authenticated name, such as the subject of a certificate or the name of a user, or null if there is none.</summary>
    public string? Name { get; init; }
}
