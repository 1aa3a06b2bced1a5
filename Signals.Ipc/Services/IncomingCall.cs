using Google.Protobuf;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>One call of a client, as the method handlers of a service see it.</summary>
/// <param name="Caller">The client that receives the reply.</param>
/// <param name="Context">The context that is passed to the method.</param>
/// <param name="RequestId">The request id, which the reply repeats.</param>
internal readonly record struct IncomingCall(IServiceCaller Caller, CallContext Context, ulong RequestId)
{
    /// <summary>Logs the reason for which the call failed. A method that was cancelled because its client disconnected has not failed.</summary>
    internal void Report(Exception reason)
    {
        if (reason is not OperationCanceledException || !Context.CancellationToken.IsCancellationRequested)
        {
            Caller.ReportFailure(Context.MethodName, reason);
        }
    }

    /// <summary>Sends the only reply of a method that has returned it. Not called while a lock is held, since encoding runs user code.</summary>
    internal void Reply(IMessage reply)
    {
        if (Context.WantsReply)
        {
            using var encoded = new EncodedMessage(reply, Caller.MaxFrameSize);
            Caller.EndInvocation();
            Caller.Reply(RequestId, hasMore: false, encoded.Bytes);
        }
    }

    /// <summary>Sends a last reply without a message.</summary>
    internal void End(bool success)
    {
        if (Context.WantsReply)
        {
            Caller.End(RequestId, success);
        }
    }
}
