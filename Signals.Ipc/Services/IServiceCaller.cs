namespace Signals.Ipc.Services;

/// <summary>The other end of the calls that reach a service: where the answers go. Every member may be called from any thread.</summary>
internal interface IServiceCaller
{
    /// <summary>Gets the maximum size of a frame that is sent to the client.</summary>
    int MaxFrameSize { get; }

    /// <summary>Sends an encoded reply, or discards it if the client has gone. Never waits.</summary>
    /// <exception cref="IpcException">The reply is larger than a frame may be. Nothing was sent.</exception>
    void Reply(ulong requestId, bool hasMore, ReadOnlySpan<byte> reply);

    /// <summary>Sends a last reply without a message, or discards it if the client has gone. Never waits.</summary>
    void End(ulong requestId, bool success);

    /// <summary>Whether the client takes answers now, or has gone, or has to be waited for.</summary>
    CallerState State { get; }

    /// <summary>Waits until the client takes answers again. False when it has gone.</summary>
    ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken);

    /// <summary>Counts the bytes of a request that is kept until its call has its last reply. Called before <see cref="BeginCall"/>.</summary>
    void HoldRequest(long bytes);

    /// <summary>Stops counting a request that is no longer needed. Called before <see cref="EndCall"/>.</summary>
    void ReleaseRequest(long bytes);

    /// <summary>A call will be answered later: counts it as under way.</summary>
    void BeginCall();

    /// <summary>
    /// The method that is running has been carried out or has failed, and its only reply follows: a client that receives that finds the call
    /// no longer counted. Called on the thread that runs the method.
    /// </summary>
    void EndInvocation();

    /// <summary>A call that was under way has had its last answer.</summary>
    void EndCall();

    /// <summary>Says in the log why a call failed.</summary>
    void ReportFailure(string methodName, Exception reason);
}
