using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>Receives the replies that a <see cref="ReplyWriter{TReply}"/> writes. All members are thread-safe.</summary>
internal interface IReplySink
{
    CallContext Context { get; }

    /// <summary>Gets the state of the client. A client that wants no reply, or no longer does, counts as disconnected.</summary>
    CallerState State { get; }

    /// <summary>Waits until a client whose <see cref="State"/> is <see cref="CallerState.Full"/> accepts replies again.</summary>
    /// <returns>False if the client has disconnected.</returns>
    ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken);

    /// <summary>Sends a reply that is not the last one.</summary>
    /// <returns>False if the call has had its last reply. True if it was canceled: the reply is then discarded.</returns>
    bool TryWrite(IMessage reply);

    /// <summary>Sends the last reply.</summary>
    /// <returns>False if the call has had its last reply already. True if it was canceled: the reply is then discarded.</returns>
    bool TryComplete(IMessage? reply);

    /// <summary>Logs the reason for which the call failed, and replies with the failure unless the call has had its last reply.</summary>
    void Fail(Exception reason);
}
