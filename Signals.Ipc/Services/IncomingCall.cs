using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Services;

/// <summary>One call of a client, as the method handlers of a service see it.</summary>
/// <param name="Caller">The client that receives the reply.</param>
/// <param name="Context">The context that is passed to the method.</param>
internal readonly record struct IncomingCall(IServiceCaller Caller, CallContext Context)
{
    /// <summary>Gets the request id, which the reply repeats.</summary>
    internal ulong RequestId => Context.RequestId;

    /// <summary>Gets a value that indicates whether replies are sent: the client wants them, and has not canceled the call.</summary>
    internal bool IsAwaited => Context.WantsReply && !Context.IsCancelled;

    /// <summary>Logs the reason for which the call failed. A method that was canceled because its reply is no longer awaited has not failed.</summary>
    internal void Report(Exception reason)
    {
        if (reason is not OperationCanceledException || !Context.IsCancellationRequested)
        {
            Caller.ReportFailure(Context.Method, reason);
        }
    }

    /// <summary>Sends the only reply of a method that has returned it. Not called while a lock is held, since encoding runs user code.</summary>
    internal void Reply(IMessage reply)
    {
        if (IsAwaited)
        {
            using var encoded = new EncodedMessage(reply, Caller.MaxFrameSize);
            Caller.Reply(Context, hasMore: false, encoded.Bytes);
        }
    }

    /// <summary>Ends a stream without a further message.</summary>
    internal void End()
    {
        if (IsAwaited)
        {
            Caller.End(Context);
        }
    }

    /// <summary>Sends the failure of the call, with the status that an exception of the method means.</summary>
    internal void Fail(Exception reason)
    {
        if (IsAwaited)
        {
            Caller.Fail(Context, StatusOf(reason));
        }
    }

    /// <summary>Sends the failure of a call whose request could not be decoded.</summary>
    internal void FailRequest(Exception reason)
    {
        if (CallMetrics.MeasuresServer)
        {
            CallMetrics.RecordRefused(Context.Method.RpcName, IpcStatusCode.InvalidArgument, Caller.Server);
        }

        if (IsAwaited)
        {
            Caller.Fail(Context, new CallStatus(IpcStatusCode.InvalidArgument, DetailsOf(reason)));
        }
    }

    /// <summary>Returns the status with which a method fails that has thrown an exception.</summary>
    private CallStatus StatusOf(Exception reason)
    {
        IpcStatusCode code = Context.StatusOf(reason);
        string message = reason switch
        {
            IpcStatusException or IpcException { IsFrameTooLarge: true } => reason.Message,
            _ when code == IpcStatusCode.Unknown => DetailsOf(reason),
            _ => "",
        };
        return new CallStatus(code, message);
    }

    private string DetailsOf(Exception reason)
    {
        if (!Caller.IncludesExceptionDetails)
        {
            return "";
        }

        try
        {
            return reason.ToString();
        }
        catch (Exception)
        {
            // The text of an exception is user code, too. The log has the exception.
            return reason.GetType().Name;
        }
    }
}
