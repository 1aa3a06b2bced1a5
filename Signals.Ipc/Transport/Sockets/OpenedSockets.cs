using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>The listening sockets of one endpoint: one, or one for each address of its name.</summary>
internal sealed record OpenedSockets(IpcEndpoint Endpoint, IReadOnlyList<Socket> Sockets)
{
    /// <summary>Gets the file of the socket, or null if it has none.</summary>
    internal SocketFile? File { get; init; }

    /// <summary>Gets the clients that have already been accepted.</summary>
    internal IReadOnlyList<Socket> Early { get; init; } = [];
}
