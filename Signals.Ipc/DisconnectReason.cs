namespace Signals.Ipc;

/// <summary>Represents the reason for which a connection or a binding ended or was not established.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Message">The description of the reason, for people.</param>
/// <param name="Exception">The exception that caused it, or null.</param>
public sealed record DisconnectReason(DisconnectCause Cause, string Message, Exception? Exception = null)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
