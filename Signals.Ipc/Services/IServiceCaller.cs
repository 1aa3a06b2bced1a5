using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>The other end of the calls that reach a service: where the answers go. Every member may be called from any thread.</summary>
internal interface IServiceCaller
{
    /// <summary>Sends an answer, or discards it if the client has gone. Never waits.</summary>
    /// <exception cref="IpcException">The answer is larger than a frame may be. Nothing was sent.</exception>
    void Answer(ulong requestId, bool success, bool hasMore, IMessage? reply);

    /// <summary>The same with a reply that has been encoded before.</summary>
    /// <exception cref="IpcException">The answer is larger than a frame may be. Nothing was sent.</exception>
    void AnswerEncoded(ulong requestId, bool hasMore, ReadOnlyMemory<byte> reply);

    /// <summary>Whether the client takes answers now, or has gone, or has to be waited for.</summary>
    CallerState State { get; }

    /// <summary>Waits until the client takes answers again. False when it has gone.</summary>
    ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken);

    /// <summary>The request of a call is kept until the call has its last reply: counts its bytes, before <see cref="BeginCall"/>.</summary>
    void HoldRequest(long bytes);

    /// <summary>The request of a call is not needed any more, before <see cref="EndCall"/>.</summary>
    void ReleaseRequest(long bytes);

    /// <summary>A call will be answered later: counts it as under way.</summary>
    void BeginCall();

    /// <summary>A call that was under way has had its last answer.</summary>
    void EndCall();

    /// <summary>Says in the log why a call failed.</summary>
    void ReportFailure(string methodName, Exception reason);
}
