namespace Signals.Ipc.Telemetry;

/// <summary>The sums over the clients of one endpoint of a host, or of several endpoints with the same address.</summary>
internal struct EndpointCounts
{
    internal long Connections;
    internal long ActiveCalls;
    internal long PausedClients;
    internal long UnsentBytes;
    internal long DroppedFrames;

    internal void Add(in EndpointCounts other)
    {
        Connections += other.Connections;
        ActiveCalls += other.ActiveCalls;
        PausedClients += other.PausedClients;
        UnsentBytes += other.UnsentBytes;
        DroppedFrames += other.DroppedFrames;
    }
}
