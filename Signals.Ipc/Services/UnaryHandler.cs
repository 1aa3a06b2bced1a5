using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>A method with one answer.</summary>
internal sealed class UnaryHandler<TRequest, TReply>(MessageParser<TRequest> parser, Func<TRequest, CallContext, ValueTask<TReply>> handler)
    : MethodHandler<TRequest>(parser)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    protected override void Run(in IncomingCall call, TRequest request, long requestBytes)
    {
        ValueTask<TReply> reply = handler(request, call.Context);
        if (!reply.IsCompletedSuccessfully)
        {
            _ = AnswerLaterAsync(new PendingAnswer(call, requestBytes), reply);
            return;
        }

        // The usual case costs no object and no detour.
        call.Reply(reply.Result ?? throw NoReply(call.Context));
    }

    private static async Task AnswerLaterAsync(PendingAnswer answer, ValueTask<TReply> reply)
    {
        try
        {
            answer.TryComplete(await reply.ConfigureAwait(false) ?? throw NoReply(answer.Context));
        }
        catch (Exception exception)
        {
            answer.Fail(exception);
        }
    }

    private static InvalidOperationException NoReply(CallContext context) => new($"{context.MethodName} returned null instead of a {typeof(TReply).Name}.");
}
