namespace Signals.Ipc.Connections;

/// <summary>The outcome of an attempt to connect.</summary>
/// <param name="Failure">The reason for the failure, or null if the connection was established.</param>
internal readonly record struct ConnectOutcome(DisconnectReason? Failure)
{
    internal bool IsConnected => Failure is null;
}
