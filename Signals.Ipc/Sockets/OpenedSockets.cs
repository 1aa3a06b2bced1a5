using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>The listening sockets of one endpoint: one, or one for each address of its name.</summary>
internal sealed record OpenedSockets(IpcEndpoint Endpoint, IReadOnlyList<Socket> Sockets)
{
    /// <summary>The file of the socket, or null if it has none.</summary>
    internal SocketFile? File { get; init; }

    /// <summary>Clients that have been accepted already.</summary>
    internal IReadOnlyList<Socket> Early { get; init; } = [];
}
