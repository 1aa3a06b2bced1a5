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
        if (call.Context.Observer is { } observer)
        {
            RunObserved(observer, call, request, requestBytes);
        }
        else
        {
            Run(call, request, new PendingReply(call, requestBytes, endsWhenCancelled: true));
        }
    }

    private void Run(in IncomingCall call, TRequest request, IReplySink sink)
    {
        try
        {
            using UserCodeSection section = call.Caller.EnterUserCode();
            handler(request, new ReplyWriter<TReply>(sink, isStream));
        }
        catch (Exception exception)
        {
            sink.Fail(exception);
        }
    }

    private void RunObserved(CallObserver observer, IncomingCall call, TRequest request, long requestBytes)
    {
        if (!observer.Intercepts)
        {
            _ = RunWatchedAsync(observer, call, request, requestBytes);
        }
        else if (isStream)
        {
            var pending = new PendingReply(call, requestBytes);
            using UserCodeSection section = call.Caller.EnterUserCode();
            _ = StreamHandler<TRequest, TReply>.ReplyObservedAsync(observer, call, pending, request, ReadAllAsync);
        }
        else
        {
            var pending = new PendingReply(call, requestBytes);
            using UserCodeSection section = call.Caller.EnterUserCode();
            _ = UnaryHandler<TRequest, TReply>.ReplyLaterAsync(pending, observer.CallAsync<TRequest, TReply>(call, request, ReadAsync));
        }

        IAsyncEnumerable<TReply> ReadAllAsync(TRequest message, CallContext context)
        {
            var replies = new ReplyQueue<TReply>(call);
            Run(call, message, replies);
            return replies.ReadAllAsync();
        }

        async ValueTask<TReply> ReadAsync(TRequest message, CallContext context)
        {
            await using IAsyncEnumerator<TReply> replies = ReadAllAsync(message, context).GetAsyncEnumerator();
            await replies.MoveNextAsync().ConfigureAwait(false);
            return replies.Current;
        }
    }

    /// <summary>Runs the method inside the activity of the call. Asynchronous so that the activity is current in the method only.</summary>
    private async Task RunWatchedAsync(CallObserver observer, IncomingCall call, TRequest request, long requestBytes)
    {
        Run(call, request, new ObservedReply(call, requestBytes, observer.Begin(call)));
        await Task.CompletedTask.ConfigureAwait(false);
    }
}
