using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call that waits for its reply, or for the next reply of its stream.</summary>
internal interface IPendingCall : IQueuedFrame
{
    /// <summary>
    /// Gets or sets the key of the call in its connection: its request id once it has been written, another number while it waits to be written, or zero
    /// before. Written inside the sender's lock.
    /// </summary>
    ulong RequestId { get; set; }

    /// <summary>Gets the binding that the call uses.</summary>
    ServiceBinding Binding { get; }

    /// <summary>Gets the position in the outgoing bytes of the connection at which the call ends, or zero if it has not been written.</summary>
    long Mark { get; }

    /// <summary>Gets the time limit and headers of the call, or null if it has none.</summary>
    CallDetails? Details { get; }

    /// <summary>Gets the time at which the call was made, in milliseconds of <see cref="Environment.TickCount"/>: it fits beside another field.</summary>
    int CreatedAt { get; }

    /// <summary>Gets a value that indicates whether a reply of the stream has arrived.</summary>
    bool HasReplies { get; }

    /// <summary>Gets the called method.</summary>
    ServiceMethod Method { get; }

    /// <summary>Gets a value that indicates whether the call has a stream of replies.</summary>
    bool IsStream { get; }

    /// <summary>Handles a reply, on the receiving thread.</summary>
    void OnReply(in InvokeMethodReplyBody reply);

    /// <summary>Ends the call without a reply. The code that awaits it runs on the thread pool, independently of other calls.</summary>
    void Fail(Exception exception);
}
