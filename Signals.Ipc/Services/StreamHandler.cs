using Google.Protobuf;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Services;

/// <summary>Handler of a method with a stream of replies.</summary>
/// <param name="parser">The parser of requests.</param>
/// <param name="handler">The method.</param>
/// <param name="isSubscription">A value that indicates whether the method connects to a signal or a property, which later calls must not overtake.</param>
internal sealed class StreamHandler<TRequest, TReply>(
    MessageParser<TRequest> parser,
    Func<TRequest, CallContext, IAsyncEnumerable<TReply>> handler,
    bool isSubscription = false
) : MethodHandler<TRequest>(parser)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    /// <summary>
    /// Number of replies after which a stream that never pauses yields the thread that reads from its client, so that other requests are read.
    /// </summary>
    private const int RepliesBeforeYield = 128;

    protected override void Run(in IncomingCall call, TRequest request, long requestBytes)
    {
        call.Context.IsOfStream = true;
        call.Context.IsSubscription = isSubscription;
        PendingReply pending;
        if (call.Context.Observer is { } observer)
        {
            pending = new PendingReply(call, requestBytes);
            using UserCodeSection section = call.Caller.EnterUserCode();
            _ = ReplyObservedAsync(observer, call, pending, request, handler);
            return;
        }

        IAsyncEnumerable<TReply>? replies;
        using (call.Caller.EnterUserCode())
        {
            replies = handler(request, call.Context);
        }

        if (replies is null)
        {
            throw NoStream(call.Context);
        }

        pending = new PendingReply(call, requestBytes);

        // Up to where the method waits. Nothing in it depends on the thread.
        using (call.Caller.EnterUserCode())
        {
            _ = ReplyAsync(pending, replies);
        }
    }

    /// <summary>Sends the replies of a call that is observed. Its activity is the current one in all steps of the stream.</summary>
    internal static async Task ReplyObservedAsync(
        CallObserver observer,
        IncomingCall call,
        PendingReply pending,
        TRequest request,
        Func<TRequest, CallContext, IAsyncEnumerable<TReply>> handler
    )
    {
        using ObservedCall observed = observer.Begin(call);
        await ReplyAsync(pending, observed.StreamAsync(request, handler)).ConfigureAwait(false);
    }

    internal static InvalidOperationException NoStream(CallContext context) => new($"{context.MethodName} returned null instead of a stream.");

    private static async Task ReplyAsync(PendingReply pending, IAsyncEnumerable<TReply> replies)
    {
        try
        {
            IAsyncEnumerator<TReply> source = replies.GetAsyncEnumerator(pending.Context.CancellationToken);
            await using (source.ConfigureAwait(false))
            {
                await CopyAsync(pending, source).ConfigureAwait(false);
            }

            pending.Finish();
        }
        catch (Exception exception)
        {
            pending.Fail(exception);
        }
    }

    private static async Task CopyAsync(PendingReply pending, IAsyncEnumerator<TReply> source)
    {
        byte[] encoded = [];
        int untilYield = RepliesBeforeYield;
        bool any = await source.MoveNextAsync().ConfigureAwait(false);
        while (any)
        {
            // Encoded before the method resumes, since it may reuse the message.
            TReply reply =
                source.Current ?? throw new InvalidOperationException($"{pending.Context.MethodName} yielded null instead of a {typeof(TReply).Name}.");
            int length = Encode(reply, ref encoded);

            // Checked before the next reply is requested: an enumerator cannot be disposed while MoveNextAsync is pending.
            pending.CheckSize(encoded.AsSpan(0, length));

            if (pending.Context.EndsWithNextReply)
            {
                pending.WriteEncoded(encoded.AsSpan(0, length), hasMore: false);
                pending.Finish();
                return;
            }

            // Requested before the reply is sent: if the stream has ended by then, the reply is marked as the last one.
            ValueTask<bool> next;
            try
            {
                next = source.MoveNextAsync();
            }
            catch (Exception exception)
            {
                // Thrown later, after the reply that has not been sent yet.
                next = ValueTask.FromException<bool>(exception);
            }

            if (next.IsCompletedSuccessfully)
            {
                any = next.Result;
                bool isLate = !any && pending.Context.IsDeadlineOver;
                pending.WriteEncoded(encoded.AsSpan(0, length), hasMore: any || isLate);
                if (isLate)
                {
                    pending.FailLate();
                    return;
                }

                if (!any)
                {
                    pending.Finish();
                    return;
                }

                if (--untilYield == 0)
                {
                    await new PoolTurn();
                    untilYield = RepliesBeforeYield;
                }
            }
            else
            {
                pending.WriteEncoded(encoded.AsSpan(0, length), hasMore: true);
                any = await next.ConfigureAwait(false);
                untilYield = RepliesBeforeYield;
            }

            CallerState state = pending.State;
            if (state == CallerState.Full)
            {
                state = await WaitForRoomAsync(pending).ConfigureAwait(false);
            }

            if (state == CallerState.Gone)
            {
                // The method's cleanup finds the token canceled, and the call is active until the enumerator has been disposed.
                pending.Context.Cancel();
                return;
            }
        }

        if (pending.Context.IsDeadlineOver)
        {
            pending.FailLate();
        }
        else
        {
            pending.TryComplete(reply: null);
        }
    }

    /// <summary>Waits until the client accepts replies again. Returns that it has gone if it has canceled the call or its time is over.</summary>
    private static async ValueTask<CallerState> WaitForRoomAsync(PendingReply pending)
    {
        try
        {
            bool hasRoom = await pending.WaitForRoomAsync(pending.Context.CancellationToken).ConfigureAwait(false);
            return hasRoom ? pending.State : CallerState.Gone;
        }
        catch (OperationCanceledException)
        {
            return CallerState.Gone;
        }
    }

    private static int Encode(TReply reply, ref byte[] buffer)
    {
        int length = reply.CalculateSize();
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max(length, 2 * buffer.Length)];
        }

        reply.WriteTo(buffer.AsSpan(0, length));
        return length;
    }
}
