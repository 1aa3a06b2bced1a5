namespace Signals.Ipc;

/// <summary>Why a connection or a binding ended or did not come about.</summary>
/// <param name="Cause">The kind of reason.</param>
/// <param name="Message">The reason in words, for people.</param>
/// <param name="Exception">What the system said, if it was the system.</param>
public sealed record DisconnectReason(DisconnectCause Cause, string Message, Exception? Exception = null)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
