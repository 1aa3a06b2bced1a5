using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Sockets;

namespace Signals.Ipc.Services;

/// <summary>
/// A call that is answered later. When all that could answer it has been collected, it answers by itself that the call failed: so no client
/// waits for an answer that cannot come, and the call does not count as under way for ever.
/// </summary>
internal sealed class PendingAnswer
{
    /// <summary>The bytes that a pending call takes besides its request: its task, the reply's place and the method's state, about.</summary>
    private const int OwnBytes = 256;

    private readonly IncomingCall _call;

    /// <summary>The bytes of memory that the decoded request takes at most, and those that a pending call takes.</summary>
    private readonly long _requestBytes;

    /// <summary>Keeps the last answer behind all others, whichever threads give them.</summary>
    private readonly Lock _order = new();

    private bool _ended;

    internal PendingAnswer(in IncomingCall call, long requestBytes)
    {
        _call = call;
        _requestBytes = requestBytes + OwnBytes;
        call.Caller.HoldRequest(_requestBytes);
        call.Caller.BeginCall();
    }

    /// <summary>On a thread of the pool: answering takes locks and may send, and the finalizer's thread must do neither.</summary>
    ~PendingAnswer() => ThreadPool.UnsafeQueueUserWorkItem(static dropped => dropped.FailDropped(), this, preferLocal: false);

    internal CallContext Context => _call.Context;

    /// <summary>Whether the client takes answers now. One that does not want any is as good as gone.</summary>
    internal CallerState State => _call.Context.WantsReply ? _call.Caller.State : CallerState.Gone;

    /// <summary>Waits, where <see cref="State"/> said that it has to, until the client takes answers. False when nobody will get them.</summary>
    internal ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken) => _call.Caller.WaitForRoomAsync(cancellationToken);

    /// <summary>Sends an answer that more will follow.</summary>
    /// <returns>False if the call has had its last answer.</returns>
    internal bool TryWrite(IMessage reply)
    {
        using EncodedMessage encoded = Encode(reply);
        lock (_order)
        {
            if (_ended)
            {
                return false;
            }

            if (_call.Context.WantsReply)
            {
                _call.Caller.Reply(_call.RequestId, hasMore: true, encoded.Bytes);
            }

            return true;
        }
    }

    /// <summary>Sends one of several answers of a stream. Only the stream itself answers, so there is no order to keep.</summary>
    internal void WriteEncoded(ReadOnlySpan<byte> reply, bool hasMore)
    {
        if (_call.Context.WantsReply)
        {
            _call.Caller.Reply(_call.RequestId, hasMore, reply);
        }
    }

    /// <summary>Checks one of several replies of a stream before it is sent.</summary>
    /// <exception cref="IpcException">The reply is larger than a frame may be.</exception>
    internal void CheckSize(ReadOnlySpan<byte> reply)
    {
        int size = new InvokeMethodReplyFrame(_call.RequestId, success: true, hasMore: false, reply).CalculateSize();
        if (_call.Context.WantsReply && size > _call.Caller.MaxFrameSize)
        {
            throw FrameSender.TooLarge(size, _call.Caller.MaxFrameSize);
        }
    }

    /// <summary>Sends the last answer.</summary>
    /// <returns>False if the call has had its last answer before.</returns>
    internal bool TryComplete(IMessage? reply)
    {
        using EncodedMessage encoded = reply is null ? default : Encode(reply);
        lock (_order)
        {
            if (_ended)
            {
                return false;
            }

            if (reply is null)
            {
                _call.End(success: true);
            }
            else if (_call.Context.WantsReply)
            {
                _call.Caller.Reply(_call.RequestId, hasMore: false, encoded.Bytes);
            }

            _ended = true;
        }

        End();
        return true;
    }

    /// <summary>The last answer was sent by <see cref="WriteEncoded"/>, or nobody will get it.</summary>
    internal void Finish()
    {
        lock (_order)
        {
            _ended = true;
        }

        End();
    }

    /// <summary>Says in the log why the call failed, and answers that it did unless it has had its last answer.</summary>
    internal void Fail(Exception reason)
    {
        _call.Report(reason);
        lock (_order)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            _call.End(success: false);
        }

        End();
    }

    /// <summary>Encodes a reply that the client wants. Not called inside the lock, since encoding runs user code.</summary>
    private EncodedMessage Encode(IMessage reply) =>
        _call.Context.WantsReply ? new EncodedMessage(reply, _call.Caller.MaxFrameSize) : default;

    private void FailDropped() => Fail(new InvalidOperationException("The answer can not come any more: all that could give it has been collected."));

    [SuppressMessage("Usage", "CA1816", Justification = "The last answer is what ends this, not a call of Dispose.")]
    private void End()
    {
        GC.SuppressFinalize(this);
        _call.Caller.ReleaseRequest(_requestBytes);
        _call.Caller.EndCall();
    }
}
