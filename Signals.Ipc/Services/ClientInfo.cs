namespace Signals.Ipc;

/// <summary>Identifies a client of a host.</summary>
public sealed record ClientInfo
{
    /// <summary>Initializes a new instance of the <see cref="ClientInfo"/> class.</summary>
    /// <param name="id">The id of the client.</param>
    public ClientInfo(long id) => Id = id;

    /// <summary>Gets the id of the client, which is unique for its host: 1, 2, 3, …</summary>
    public long Id { get; }

    /// <summary>Gets the process id of the client, or null if neither the kernel nor the client provided it.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the id of the user that the client runs as, or null if neither the kernel nor the client provided it.</summary>
    public uint? UserId { get; init; }

    /// <summary>Gets the id of the group that the client runs as, or null if the kernel did not provide it.</summary>
    public uint? GroupId { get; init; }

    /// <summary>
    /// Gets the name that the transport has authenticated, such as the subject of a certificate, or null if there is none. The library's own transports
    /// know none.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Gets the name of the machine that the client claims to run on, or null if it claims none. Clients on this machine claim none.
    /// </summary>
    public string? MachineName { get; init; }

    /// <summary>
    /// Gets a value that indicates whether the process, user and group are reliable: the kernel of this machine provided them, or the client is in
    /// this process, or a transport of the program has verified them. If not, they are those that the client claims, if any.
    /// </summary>
    public bool IsVerified { get; init; }
}
