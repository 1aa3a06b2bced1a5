using Signals.Ipc.Framing;
using Signals.Ipc.Telemetry;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Services;

/// <summary>The client end of the calls that reach a service, to which replies are sent. All members are thread-safe.</summary>
internal interface IServiceCaller
{
    /// <summary>Gets the maximum size of a frame that is sent to the client.</summary>
    int MaxFrameSize { get; }

    /// <summary>
    /// Sends an encoded reply, or discards it if the client has disconnected. Never waits. The call stops being counted as active before its last reply is sent:
    /// when the client receives the reply, the call is no longer counted. If the call is not pending, called on the thread that runs the method.
    /// </summary>
    /// <exception cref="IpcException">The reply is larger than a frame may be. Nothing was sent.</exception>
    void Reply(CallContext context, bool hasMore, ReadOnlySpan<byte> reply);

    /// <summary>Ends a stream without a further message, which is its last reply: see <see cref="Reply"/>.</summary>
    void End(CallContext context);

    /// <summary>Sends the failure of a call, which is its last reply: see <see cref="Reply"/>.</summary>
    void Fail(CallContext context, CallStatus status);

    /// <summary>Gets the endpoint of the host by which the client has connected, or null if it is not known.</summary>
    ServerAddress? Server { get; }

    /// <summary>Gets the time provider of the host.</summary>
    TimeProvider Time { get; }

    /// <summary>Gets a token that is canceled when the host begins to stop.</summary>
    CancellationToken HostStopping { get; }

    /// <summary>Gets a value that indicates whether the failure of a method that threw any exception contains the exception's text.</summary>
    bool IncludesExceptionDetails { get; }

    /// <summary>Gets the state of the client: it accepts replies, is full or has disconnected.</summary>
    CallerState State { get; }

    /// <summary>Waits until the client accepts replies again.</summary>
    /// <returns>False if the client has disconnected.</returns>
    ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken);

    /// <summary>Counts the bytes of a request that is kept until its call has its last reply. Called before <see cref="BeginCall"/>.</summary>
    void HoldRequest(long bytes);

    /// <summary>Stops counting a request that is no longer needed. Called before <see cref="EndCall"/>.</summary>
    void ReleaseRequest(long bytes);

    /// <summary>Begins user code of a service, which may block the thread that reads from the client.</summary>
    UserCodeSection EnterUserCode();

    /// <summary>Counts a call as active, because its reply follows later.</summary>
    void BeginCall(CallContext context);

    /// <summary>Holds a call whose token has been requested, so that it can be canceled.</summary>
    void Hold(CallContext context);

    /// <summary>Ends a pending call, which has had its last reply.</summary>
    void EndCall(CallContext context);

    /// <summary>Logs an exception that a callback of a call's token has thrown.</summary>
    void ReportCancellationFailure(Exception exception);

    /// <summary>Logs the reason for which a call failed.</summary>
    void ReportFailure(ServiceMethod method, Exception reason);
}
