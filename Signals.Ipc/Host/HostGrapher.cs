using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>Draws the signals of the host's process for a client that asks.</summary>
internal static class HostGrapher
{
    /// <summary>Sends the graph, as a stream of replies. Returns false if the process does not track its signals.</summary>
    internal static bool TrySend(HostConnection connection, ulong requestId)
    {
        // Alone in a method: trimming removes the tracker only from simple conditions.
        if (SignalTracker.IsSupported)
        {
            var graph = new HostGraph { Mermaid = SignalTracker.Snapshot().ToMermaid() };
            MessageParts.Send(connection, requestId, graph.ToByteArray());
            return true;
        }

        return false;
    }
}
