using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call with a stream of replies that waits for a connection and, if its options say so, is made again after a connection was lost.</summary>
internal sealed class ReadyStreamCall<TReply>(ServiceProxy proxy, ServiceMethod method, IMessage request, CallOptions options, CancellationToken ofCall)
    : IAsyncEnumerable<TReply>
    where TReply : class, IMessage<TReply>
{
    /// <inheritdoc/>
    public async IAsyncEnumerator<TReply> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ofCall, cancellationToken);
        CancellationToken token = both.Token;
        var limit = new ReadyWait(proxy, method, options);
        bool waits = options.WaitForReady;
        while (true)
        {
            if (waits)
            {
                await limit.WaitAsync(token).ConfigureAwait(false);
            }

            bool isLost = false;
            IAsyncEnumerator<TReply> replies;
            try
            {
                replies = new StreamCall<TReply>(proxy, method, request, limit.GetOptions(), token).GetAsyncEnumerator(token);
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
                    catch (IpcDisconnectedException) when (options.Resume && proxy.WillReconnect)
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
}
