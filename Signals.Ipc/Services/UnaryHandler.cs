using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>Handler of a method with one reply.</summary>
internal sealed class UnaryHandler<TRequest, TReply>(MessageParser<TRequest> parser, Func<TRequest, CallContext, ValueTask<TReply>> handler)
    : MethodHandler<TRequest>(parser)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    protected override void Run(in IncomingCall call, TRequest request, long requestBytes)
    {
        ValueTask<TReply> reply;
        using (call.Caller.EnterUserCode())
        {
            reply = call.Context.Observer is { } observer ? observer.CallAsync(call, request, handler) : handler(request, call.Context);
        }

        if (!reply.IsCompletedSuccessfully)
        {
            _ = ReplyLaterAsync(new PendingReply(call, requestBytes), reply);
            return;
        }

        // The usual case: the reply is sent directly, without an allocation.
        call.Reply(reply.Result ?? throw NoReply(call.Context));
    }

    internal static async Task ReplyLaterAsync(PendingReply pending, ValueTask<TReply> reply)
    {
        try
        {
            pending.TryComplete(await reply.ConfigureAwait(false) ?? throw NoReply(pending.Context));
        }
        catch (Exception exception)
        {
            pending.Fail(exception);
        }
    }

    internal static InvalidOperationException NoReply(CallContext context) =>
        new($"{context.MethodName} returned null instead of a {typeof(TReply).Name}.");
}
