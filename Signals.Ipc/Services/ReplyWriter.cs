using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>
/// Sends the replies to one call: at once or later, from any thread, once or, if the .proto file declares a <c>stream</c>, several times. If a writer
/// is garbage-collected before it completes its call, the call fails. Replies to a client that has disconnected are discarded.
/// </summary>
/// <typeparam name="TReply">The type of the replies.</typeparam>
public sealed class ReplyWriter<TReply>
    where TReply : class, IMessage<TReply>
{
    private readonly IReplySink _pending;
    private readonly bool _isStream;

    internal ReplyWriter(IReplySink pending, bool isStream)
    {
        _pending = pending;
        _isStream = isStream;
    }

    /// <summary>Gets the context of the call: its client and its method.</summary>
    public CallContext Context => _pending.Context;

    /// <summary>Sends a reply that is not the last one, if the client accepts replies now.</summary>
    /// <param name="reply">The reply. It may be reused when this method has returned.</param>
    /// <returns>
    /// <see langword="true"/> if the reply was sent; <see langword="false"/> if the limit of bytes that may wait for the client to read them is
    /// reached, or the client has disconnected or does not want replies.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The method does not return a stream, or the call has had its last reply.</exception>
    /// <exception cref="IpcException">The reply is larger than a frame may be. It was not sent.</exception>
    public bool TryWrite(TReply reply)
    {
        CheckWrite(reply);
        if (_pending.State != CallerState.Ready)
        {
            return false;
        }

        Write(reply);
        return true;
    }

    /// <summary>Sends a reply that is not the last one, as soon as the client accepts replies.</summary>
    /// <param name="reply">The reply. It may be reused when the returned task has completed.</param>
    /// <param name="cancellationToken">A token that ends the wait. The reply is then not sent, nor if the token is already canceled.</param>
    /// <returns>
    /// <see langword="true"/> if the reply was sent; <see langword="false"/> if the client has disconnected or does not want replies. Further replies
    /// are then not sent either.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The method does not return a stream, or the call has had its last reply.</exception>
    /// <exception cref="IpcException">The reply is larger than a frame may be. It was not sent.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public ValueTask<bool> WriteAsync(TReply reply, CancellationToken cancellationToken = default)
    {
        CheckWrite(reply);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        switch (_pending.State)
        {
            case CallerState.Full:
                return WriteLaterAsync(reply, cancellationToken);
            case CallerState.Gone:
                return ValueTask.FromResult(false);
            default:
                Write(reply);
                return ValueTask.FromResult(true);
        }
    }

    /// <summary>Sends the last reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The call has had its last reply.</exception>
    /// <exception cref="IpcException">The reply is larger than a frame may be. It was not sent, and the call still needs its last reply.</exception>
    public void Complete(TReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (!_pending.TryComplete(reply))
        {
            throw Ended();
        }
    }

    /// <summary>Ends a stream without a further reply.</summary>
    /// <exception cref="InvalidOperationException">The method does not return a stream, or the call has had its last reply.</exception>
    public void Complete()
    {
        CheckStream();
        if (!_pending.TryComplete(reply: null))
        {
            throw Ended();
        }
    }

    /// <summary>Fails the call. If the call has had its last reply, the reason is only logged.</summary>
    /// <param name="reason">The reason, for the host's log. It is not sent to the client.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is null.</exception>
    public void Fail(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _pending.Fail(reason);
    }

    private async ValueTask<bool> WriteLaterAsync(TReply reply, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Context.CancellationToken);
        try
        {
            if (!await _pending.WaitForRoomAsync(both.Token).ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client no longer waits for the reply.
            return false;
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        Write(reply);
        return true;
    }

    private void Write(TReply reply)
    {
        if (!_pending.TryWrite(reply))
        {
            throw Ended();
        }
    }

    private void CheckWrite(TReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        CheckStream();
    }

    private void CheckStream()
    {
        if (!_isStream)
        {
            throw new InvalidOperationException($"{Context.MethodName} does not return a stream, so it has one reply. Call Complete(reply).");
        }
    }

    private InvalidOperationException Ended() => new($"This call of {Context.MethodName} is complete: no further reply can be sent.");
}
