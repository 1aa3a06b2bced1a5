using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call with a stream of replies that waits for a connection and, if its options say so, is made again after a connection was lost.</summary>
internal sealed class ReadyStreamCall<TReply>(
    ServiceProxy proxy,
    ServiceMethod method,
    IMessage request,
    CallOptions options,
    CallDetails? details,
    CancellationToken ofCall
) : IAsyncEnumerable<TReply>
    where TReply : class, IMessage<TReply>
{
    /// <inheritdoc/>
    public async IAsyncEnumerator<TReply> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        // One for all calls of this enumeration: the time limit is that of the whole stream.
        CallDetails? limit = details ?? CallDetails.Of(options, Timeout.InfiniteTimeSpan, proxy.ClientTime);
        bool resumes = options.Resume;
        bool waits = options.WaitForReady;
        while (true)
        {
            if (waits)
            {
                await WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            }

            bool isLost = false;
            PendingStream<TReply> replies;
            try
            {
                replies = StreamCall<TReply>.Begin(proxy, method, request, ProxyInvoker.NoMore, limit, ofCall, cancellationToken);
            }
            catch (IpcDisconnectedException) when (waits && proxy.WillReconnect)
            {
                // The connection was lost before the call could be made on it.
                continue;
            }

            await using (replies.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await replies.MoveNextAsync().ConfigureAwait(false))
                        {
                            yield break;
                        }
                    }
                    catch (IpcDisconnectedException) when (resumes && proxy.WillReconnect)
                    {
                        isLost = true;
                    }

                    if (isLost)
                    {
                        break;
                    }

                    yield return replies.Current;
                }
            }

            waits = true;
        }
    }

    /// <summary>Waits for a connection. The exception of a cancellation has the token that was canceled.</summary>
    private async Task WaitAsync(CallDetails? limit, CancellationToken ofEnumeration)
    {
        using var tokens = new CallTokens(ofCall, ofEnumeration);
        try
        {
            await new ReadyWait(proxy, method, limit).WaitAsync(tokens.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw tokens.Translate(exception);
        }
    }
}
