using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Sockets;

namespace Signals.Ipc.Client;

/// <summary>A call that waits for its answer, or for the next of its answers.</summary>
internal interface IPendingCall : IQueuedFrame
{
    /// <summary>
    /// The key of the call among those of its connection: its request id from when it is written, another number while it waits for room, or zero
    /// before. Guarded by the connection's lock.
    /// </summary>
    ulong RequestId { get; set; }

    /// <summary>Where it was made.</summary>
    ServiceBinding Binding { get; }

    /// <summary>Up to where the connection has to be sent for the call to be sent; zero while it has not been written.</summary>
    long Mark { get; }

    /// <summary>When it was made, in ticks of the client's time; only kept when calls time out.</summary>
    long StartedAt { get; set; }

    /// <summary>What is called.</summary>
    ServiceMethod Method { get; }

    /// <summary>Whether it may have several answers. Such a call does not time out.</summary>
    bool IsStream { get; }

    /// <summary>Takes an answer, on the reading thread.</summary>
    void OnReply(in InvokeMethodReplyBody reply);

    /// <summary>Ends the call without a reply. The code that awaits it runs on the thread pool, independently of other calls.</summary>
    void Fail(Exception exception);
}
