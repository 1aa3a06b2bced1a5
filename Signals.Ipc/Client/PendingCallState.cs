namespace Signals.Ipc;

/// <summary>Specifies the state of a pending call.</summary>
public enum PendingCallState
{
    /// <summary>The request waits for room in the send buffer.</summary>
    Queued,

    /// <summary>The request has been passed to the sender, and no reply has arrived.</summary>
    Sent,

    /// <summary>The call is a stream that has had replies.</summary>
    Streaming,
}
