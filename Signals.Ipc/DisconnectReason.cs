namespace Signals.Ipc;

/// <summary>Represents the reason for which a connection or a binding ended or was not established.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Message">A readable description of the reason.</param>
/// <param name="Exception">The exception that caused the disconnection or failure, or null.</param>
public sealed record DisconnectReason(DisconnectCause Cause, string Message, Exception? Exception = null)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
