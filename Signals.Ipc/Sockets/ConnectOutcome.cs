namespace Signals.Ipc.Sockets;

/// <summary>How an attempt to connect ended.</summary>
/// <param name="Failure">Why there is no connection, or null if there is one.</param>
internal readonly record struct ConnectOutcome(DisconnectReason? Failure)
{
    internal bool IsConnected => Failure is null;
}
