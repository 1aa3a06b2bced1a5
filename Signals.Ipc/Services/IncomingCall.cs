using Google.Protobuf;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>One call of a client, as the methods of a service see it.</summary>
/// <param name="Caller">Who gets the answer.</param>
/// <param name="Context">What the method gets to see.</param>
/// <param name="RequestId">What the answer has to repeat.</param>
internal readonly record struct IncomingCall(IServiceCaller Caller, CallContext Context, ulong RequestId)
{
    /// <summary>Says in the log why the call failed. Nothing went wrong when a method gave up because its client has gone.</summary>
    internal void Report(Exception reason)
    {
        if (reason is not OperationCanceledException || !Context.CancellationToken.IsCancellationRequested)
        {
            Caller.ReportFailure(Context.MethodName, reason);
        }
    }

    /// <summary>Sends the only reply of a method that has returned it. Not called inside a lock, since encoding runs user code.</summary>
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
