using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Signals.Ipc.Interceptors;

/// <summary>
/// The replies of a stream that <see cref="CallInterceptor.InterceptAsync"/> handles as a whole: the interceptor runs beside the enumeration, and each time
/// it calls <c>next</c>, the replies of the inner stream pass.
/// </summary>
internal sealed class InterceptedStream(
    CallInterceptor interceptor,
    InterceptedCall call,
    IMessage request,
    Func<IMessage, IAsyncEnumerable<IMessage>> next
) : IAsyncEnumerable<IMessage>
{
    /// <inheritdoc/>
    public async IAsyncEnumerator<IMessage> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var passes = Channel.CreateUnbounded<Pass>(new UnboundedChannelOptions { SingleReader = true });
        Pass? current = null;
        Task<IMessage> interception = InterceptAsync(passes.Writer);
        try
        {
            while (await passes.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                passes.Reader.TryRead(out current);
                if (current!.TryOpen(next, cancellationToken) is not { } replies)
                {
                    continue;
                }

                Exception? failure = null;
                try
                {
                    while (true)
                    {
                        try
                        {
                            if (!await replies.MoveNextAsync().ConfigureAwait(false))
                            {
                                break;
                            }
                        }
                        catch (Exception exception)
                        {
                            failure = exception;
                            break;
                        }

                        yield return replies.Current;
                    }
                }
                finally
                {
                    await replies.DisposeAsync().ConfigureAwait(false);
                }

                current.End(failure);
            }

            IMessage result = await interception.ConfigureAwait(false);
            if (current is null && result is not Empty)
            {
                yield return result;
            }
        }
        finally
        {
            // If the reader has left the stream, the call ends when the interceptor has ended.
            passes.Writer.TryComplete();
            Exception? left = interception.IsCompleted ? null : call.OnLeft();
            current?.End(left);
            while (passes.Reader.TryRead(out Pass? waiting))
            {
                waiting.End(left);
            }

            await ((Task)interception).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IMessage> InterceptAsync(ChannelWriter<Pass> passes)
    {
        try
        {
            return await interceptor.InterceptAsync(call, request, PassOn).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{interceptor.GetType().Name} returned null instead of a message.");
        }
        finally
        {
            passes.TryComplete();
        }

        ValueTask<IMessage> PassOn(IMessage message)
        {
            ArgumentNullException.ThrowIfNull(message);
            var pass = new Pass(message);
            return passes.TryWrite(pass) ? new ValueTask<IMessage>(pass.Task) : throw Ended();
        }
    }

    private InvalidOperationException Ended() => new($"The stream of {call.MethodName} has ended, so it cannot be repeated.");

    /// <summary>One call of <c>next</c>. Its task completes when the inner stream has ended.</summary>
    private sealed class Pass(IMessage request) : TaskCompletionSource<IMessage>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>Begins the inner stream. Returns null if it failed, which the interceptor then sees.</summary>
        internal IAsyncEnumerator<IMessage>? TryOpen(Func<IMessage, IAsyncEnumerable<IMessage>> next, CancellationToken cancellationToken)
        {
            try
            {
                return next(request).GetAsyncEnumerator(cancellationToken);
            }
            catch (Exception exception)
            {
                End(exception);
                return null;
            }
        }

        internal void End(Exception? failure)
        {
            if (failure is null)
            {
                TrySetResult(new Empty());
            }
            else if (TrySetException(failure))
            {
                // The interceptor may not await it.
                _ = Task.Exception;
            }
        }
    }
}
