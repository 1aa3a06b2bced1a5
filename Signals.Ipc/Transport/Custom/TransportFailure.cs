namespace Signals.Ipc.Transport.Custom;

/// <summary>An exception that a transport of a user has thrown, as opposed to one of the code that handles what was received.</summary>
internal sealed class TransportFailure(DisconnectReason reason) : Exception(reason.Message, reason.Exception)
{
    /// <summary>Gets the reason for which the connection ends.</summary>
    internal DisconnectReason Reason { get; } = reason;
}
