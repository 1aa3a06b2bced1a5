using Google.Protobuf;
using Signals.Ipc.Threading;

namespace Signals.Ipc.Services;

/// <summary>A method with any number of answers.</summary>
internal sealed class StreamHandler<TRequest, TReply>(MessageParser<TRequest> parser, Func<TRequest, CallContext, IAsyncEnumerable<TReply>> handler)
    : MethodHandler<TRequest>(parser)
    where TRequest : class, IMessage<TRequest>
    where TReply : class, IMessage<TReply>
{
    /// <summary>A stream that never pauses leaves the thread that reads from its client after so many answers: there may be other requests.</summary>
    private const int AnswersBeforeYield = 128;

    protected override void Run(in IncomingCall call, TRequest request, long requestBytes)
    {
        var context = new CallContext(call.Context);
        IAsyncEnumerable<TReply> replies =
            handler(request, context) ?? throw new InvalidOperationException($"{context.MethodName} returned null instead of a stream.");
        _ = AnswerAsync(new PendingAnswer(call with { Context = context }, requestBytes), replies);
    }

    private static async Task AnswerAsync(PendingAnswer answer, IAsyncEnumerable<TReply> replies)
    {
        try
        {
            IAsyncEnumerator<TReply> source = replies.GetAsyncEnumerator(answer.Context.CancellationToken);
            await using (source.ConfigureAwait(false))
            {
                await CopyAsync(answer, source).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            answer.Fail(exception);
        }
    }

    private static async Task CopyAsync(PendingAnswer answer, IAsyncEnumerator<TReply> source)
    {
        byte[] encoded = [];
        int untilYield = AnswersBeforeYield;
        bool any = await source.MoveNextAsync().ConfigureAwait(false);
        while (any)
        {
            // Encoded before the method goes on: it may use the message again.
            TReply reply = source.Current ?? throw new InvalidOperationException($"{answer.Context.MethodName} answered null.");
            int length = Encode(reply, ref encoded);

            // Before the next one is asked for: an enumerator that has not come to it yet cannot be disposed.
            answer.CheckSize(encoded.AsSpan(0, length));

            if (answer.Context.EndsWithNextReply)
            {
                answer.WriteEncoded(encoded.AsSpan(0, length), hasMore: false);
                answer.Finish();
                return;
            }

            // Asked for before the answer is sent: the last one of a stream says that it is, wherever that is known by now.
            ValueTask<bool> next;
            try
            {
                next = source.MoveNextAsync();
            }
            catch (Exception exception)
            {
                // Behind the reply that has not been sent yet.
                next = ValueTask.FromException<bool>(exception);
            }

            if (next.IsCompletedSuccessfully)
            {
                any = next.Result;
                answer.WriteEncoded(encoded.AsSpan(0, length), hasMore: any);
                if (!any)
                {
                    answer.Finish();
                    return;
                }

                if (--untilYield == 0)
                {
                    await new PoolTurn();
                    untilYield = AnswersBeforeYield;
                }
            }
            else
            {
                answer.WriteEncoded(encoded.AsSpan(0, length), hasMore: true);
                any = await next.ConfigureAwait(false);
                untilYield = AnswersBeforeYield;
            }

            CallerState state = answer.State;
            if (state == CallerState.Full)
            {
                bool hasRoom = await answer.WaitForRoomAsync(CancellationToken.None).ConfigureAwait(false);
                state = hasRoom ? CallerState.Ready : CallerState.Gone;
            }

            if (state == CallerState.Gone)
            {
                answer.Finish();
                return;
            }
        }

        answer.TryComplete(reply: null);
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
