using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>
/// Answers one call: now or later, from any thread, once or, where the .proto says <c>stream</c>, several times. A call whose writer is
/// dropped without a last answer is answered as failed when the garbage collector notices. What is written for a client that has gone is
/// discarded.
/// </summary>
/// <typeparam name="TReply">The type of the answers.</typeparam>
public sealed class ReplyWriter<TReply>
    where TReply : class, IMessage<TReply>
{
    private readonly PendingAnswer _answer;
    private readonly bool _isStream;

    internal ReplyWriter(PendingAnswer answer, bool isStream)
    {
        _answer = answer;
        _isStream = isStream;
    }

    /// <summary>Who calls, and what.</summary>
    public CallContext Context => _answer.Context;

    /// <summary>Sends an answer that others will follow, if the client takes answers now.</summary>
    /// <param name="reply">The answer. It may be used again when this has returned.</param>
    /// <returns>False, and the answer is not sent, when so much waits for the client to read that no more may, or nobody will get it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The method is no stream, or the call has had its last answer.</exception>
    /// <exception cref="IpcException">The answer is larger than a frame may be. It was not sent.</exception>
    public bool TryWrite(TReply reply)
    {
        CheckWrite(reply);
        if (_answer.State != CallerState.Ready)
        {
            return false;
        }

        Write(reply);
        return true;
    }

    /// <summary>Sends an answer that others will follow, as soon as the client takes answers.</summary>
    /// <param name="reply">The answer. It may be used again when the returned task has completed.</param>
    /// <param name="cancellationToken">Ends the waiting; the answer is not sent then, nor when it is cancelled already.</param>
    /// <returns>False when nobody will get it: the client has gone or does not want answers. There is no point in writing more.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The method is no stream, or the call has had its last answer.</exception>
    /// <exception cref="IpcException">The answer is larger than a frame may be. It was not sent.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<bool> WriteAsync(TReply reply, CancellationToken cancellationToken = default)
    {
        CheckWrite(reply);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        switch (_answer.State)
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

    /// <summary>Sends the last answer.</summary>
    /// <param name="reply">The answer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reply"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The call has had its last answer.</exception>
    /// <exception cref="IpcException">The answer is larger than a frame may be. It was not sent, and the call still needs its last answer.</exception>
    public void Complete(TReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (!_answer.TryComplete(reply))
        {
            throw Ended();
        }
    }

    /// <summary>Ends a stream: there are no more answers.</summary>
    /// <exception cref="InvalidOperationException">The method is no stream, or the call has had its last answer.</exception>
    public void Complete()
    {
        CheckStream();
        if (!_answer.TryComplete(reply: null))
        {
            throw Ended();
        }
    }

    /// <summary>Answers that the call failed. When the call has had its last answer, the reason only goes to the log.</summary>
    /// <param name="reason">Why: for the host's log. The client does not get it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is null.</exception>
    public void Fail(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _answer.Fail(reason);
    }

    private async ValueTask<bool> WriteLaterAsync(TReply reply, CancellationToken cancellationToken)
    {
        if (!await _answer.WaitForRoomAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        Write(reply);
        return true;
    }

    private void Write(TReply reply)
    {
        if (!_answer.TryWrite(reply))
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
            throw new InvalidOperationException($"{Context.MethodName} is no stream, so it has one answer: Complete(reply).");
        }
    }

    private InvalidOperationException Ended() => new($"This call of {Context.MethodName} has had its last answer.");
}
