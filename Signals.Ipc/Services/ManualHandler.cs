using Google.Protobuf;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Services;

/// <summary>Handler of a method that sends its replies, at any time, through a <see cref="ReplyWriter{TReply}"/>.</summary>
internal sealed class ManualHandler<TRequest, TReply>(MessageParser<TRequest> parser, bool isStream, Action<TRequest, ReplyWriter<TReply>> handler)
    : MethodHandler<TRequest>(parser)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    protected override void Run(in IncomingCall call, TRequest request, long requestBytes)
    {
        var pending = new PendingReply(call, requestBytes, endsWhenCancelled: true);
        try
        {
            using UserCodeSection section = call.Caller.EnterUserCode();
            handler(request, new ReplyWriter<TReply>(pending, isStream));
        }
        catch (Exception exception)
        {
            pending.Fail(exception);
        }
    }
}
