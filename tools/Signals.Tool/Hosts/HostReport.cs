using Signals.Ipc.Wire;
using Signals.Remote.Wire;

namespace Signals.Tool.Hosts;

/// <summary>The state of a host at one time.</summary>
/// <param name="Status">The clients and their calls.</param>
/// <param name="Signals">The signals that the tool may import.</param>
internal sealed record HostReport(HostStatus Status, IReadOnlyList<ExportInfo> Signals)
{
    /// <summary>Gets the clients in the order of their ids, without the connections of this tool.</summary>
    internal IReadOnlyList<ClientStatus> Clients { get; } =
    [.. Status.Clients.Where(client => !IsOwn(Status, client)).OrderBy(static client => client.Id)];

    /// <summary>Returns a value that indicates whether a client is a connection of the process that has asked.</summary>
    private static bool IsOwn(HostStatus status, ClientStatus client)
    {
        ClientStatus? own = status.Clients.FirstOrDefault(static candidate => candidate.IsCaller);
        return client.IsCaller
            || (own is { HasProcessId: true } && client.HasProcessId && client.ProcessId == own.ProcessId && client.MachineName == own.MachineName);
    }
}
