using Google.Protobuf;

namespace Signals.Ipc.Client;

/// <summary>
/// The enumerator of a stream that waits for a connection and is logged or traced, but not intercepted. It reports the end of the call.
/// </summary>
/// <param name="source">The replies.</param>
/// <param name="call">The call.</param>
/// <param name="onEnded">Called once, when the call has ended.</param>
internal sealed class WatchedStream<TReply>(IAsyncEnumerator<TReply> source, InterceptedCall call, Action onEnded) : IAsyncEnumerator<TReply>
    where TReply : class, IMessage<TReply>
{
    private bool _hasEnded;

    /// <inheritdoc/>
    public TReply Current => source.Current;

    /// <inheritdoc/>
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            if (await source.MoveNextAsync().ConfigureAwait(false))
            {
                return true;
            }
        }
        catch (Exception exception)
        {
            if (!_hasEnded)
            {
                call.OnFailed(exception);
                End();
            }

            throw;
        }

        if (!_hasEnded)
        {
            call.OnSucceeded();
            End();
        }

        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync().ConfigureAwait(false);
        if (!_hasEnded)
        {
            call.OnLeft();
            End();
        }
    }

    private void End()
    {
        _hasEnded = true;
        onEnded();
    }
}
