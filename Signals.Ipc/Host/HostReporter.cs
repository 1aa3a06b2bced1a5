using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>Reports the clients of a host, and their calls, to a client that asks.</summary>
internal static class HostReporter
{
    /// <summary>Sends the report, as a stream of replies.</summary>
    /// <param name="connection">The connection of the client that asks.</param>
    /// <param name="clients">The clients of the host.</param>
    /// <param name="requestId">The id of the request.</param>
    internal static void Report(HostConnection connection, HostClients clients, ulong requestId)
    {
        var status = new HostStatus { RefusedClients = clients.RefusedCount, DroppedFrames = clients.DroppedFrameCount };
        status.Clients.AddRange(clients.Snapshot().Select(other => StatusOf(other, isCaller: other == connection)));
        MessageParts.Send(connection, requestId, status.ToByteArray());
    }

    private static ClientStatus StatusOf(HostConnection connection, bool isCaller)
    {
        ClientInfo client = connection.Client;
        var status = new ClientStatus
        {
            Id = client.Id,
            ActiveCalls = (uint)connection.ActiveCalls,
            UnsentBytes = (ulong)Math.Max(0, connection.Sender.UnsentBytes),
            IsPaused = connection.IsReadingPaused,
            IsCaller = isCaller,
        };
        if (client.ProcessId is { } process)
        {
            status.ProcessId = process;
        }

        if (client.UserId is { } user)
        {
            status.UserId = user;
        }

        if (client.MachineName is { } machine)
        {
            status.MachineName = machine;
        }

        status.Methods.AddRange(
            connection
                .GetHeldMethods()
                .CountBy(static method => method)
                .OrderBy(static method => method.Key, StringComparer.Ordinal)
                .Select(static method => new ActiveMethod { Name = method.Key, Count = (uint)method.Value })
        );
        return status;
    }
}
