namespace Signals.Ipc;

/// <summary>Who a client of a host is.</summary>
public sealed record ClientInfo
{
    /// <summary>Describes a client.</summary>
    /// <param name="id">The number of the client.</param>
    public ClientInfo(long id) => Id = id;

    /// <summary>The client's number, which its host gives to no other client: 1, 2, 3, …</summary>
    public long Id { get; }

    /// <summary>The client's process, or null when neither the kernel nor the client told.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The user that the client runs as, or null when neither the kernel nor the client told.</summary>
    public uint? UserId { get; init; }

    /// <summary>The group that the client runs as, or null when the kernel did not tell.</summary>
    public uint? GroupId { get; init; }

    /// <summary>
    /// The machine that the client says it runs on, or null when it did not say. Clients on this machine do not say it.
    /// </summary>
    public string? MachineName { get; init; }

    /// <summary>
    /// The kernel of this machine told process, user and group, so they are true. Otherwise they are what the client claims, if anything.
    /// </summary>
    public bool IsVerified { get; init; }
}
