using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>A method that gets an object to answer with, and keeps it for as long as it likes.</summary>
internal sealed class ManualHandler<TRequest, TReply>(MessageParser<TRequest> parser, bool isStream, Action<TRequest, ReplyWriter<TReply>> handler)
    : MethodHandler<TRequest>(parser)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    protected override void Run(in IncomingCall call, TRequest request, long requestBytes)
    {
        var answer = new PendingAnswer(call, requestBytes);
        try
        {
            handler(request, new ReplyWriter<TReply>(answer, isStream));
        }
        catch (Exception exception)
        {
            answer.Fail(exception);
        }
    }
}
