using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>
/// A call whose last reply is still to be sent. If every object that could send it is garbage-collected, the call fails, so that its client does
/// not wait for a reply that cannot come and the call does not count as active forever.
/// </summary>
internal class PendingReply : IReplySink
{
    /// <summary>Approximate number of bytes of a pending call, apart from its request: its task, its reply and the method's state.</summary>
    private const int OwnBytes = 256;

    private readonly IncomingCall _call;

    /// <summary>Maximum number of bytes of memory that the decoded request and the pending call take.</summary>
    private readonly long _requestBytes;

    /// <summary>Ensures that the last reply follows all others, whichever threads send them.</summary>
    private readonly Lock _order = new();

    private bool _ended;

    /// <param name="call">The call.</param>
    /// <param name="requestBytes">The maximum number of bytes of memory that the request takes.</param>
    /// <param name="endsWhenCancelled">
    /// A value that indicates whether the call ends when it is canceled, because no code of the library runs that would end it: its replies come from a
    /// <see cref="ReplyWriter{TReply}"/>.
    /// </param>
    internal PendingReply(in IncomingCall call, long requestBytes, bool endsWhenCancelled = false)
    {
        _call = call;
        _requestBytes = requestBytes + OwnBytes;
        call.Caller.HoldRequest(_requestBytes);
        call.Context.EndedByCancellation = endsWhenCancelled ? new WeakReference<PendingReply>(this) : null;
        call.Caller.BeginCall(call.Context);
    }

    /// <summary>Fails the call on the thread pool: a reply takes locks and may send, and the finalizer thread must do neither.</summary>
    ~PendingReply() => ThreadPool.UnsafeQueueUserWorkItem(static dropped => dropped.FailDropped(), this, preferLocal: false);

    public CallContext Context => _call.Context;

    public CallerState State => _call.IsAwaited ? _call.Caller.State : CallerState.Gone;

    public ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken) => _call.Caller.WaitForRoomAsync(cancellationToken);

    public bool TryWrite(IMessage reply)
    {
        using EncodedMessage encoded = Encode(reply);
        lock (_order)
        {
            AssertInvariants();
            if (_ended)
            {
                return Context.IsCancelled;
            }

            if (_call.IsAwaited)
            {
                _call.Caller.Reply(Context, hasMore: true, encoded.Bytes);
            }

            return true;
        }
    }

    /// <summary>Sends a reply of a stream. Only the stream's own method sends replies, so their order needs no lock.</summary>
    internal void WriteEncoded(ReadOnlySpan<byte> reply, bool hasMore)
    {
        if (_call.IsAwaited)
        {
            _call.Caller.Reply(Context, hasMore, reply);
        }
    }

    /// <summary>Checks the size of a reply of a stream before it is sent.</summary>
    /// <exception cref="IpcException">The reply is larger than a frame may be.</exception>
    internal void CheckSize(ReadOnlySpan<byte> reply)
    {
        int size = new InvokeMethodReplyFrame(_call.RequestId, success: true, hasMore: false, reply).CalculateSize();
        if (_call.IsAwaited && size > _call.Caller.MaxFrameSize)
        {
            throw FrameSender.TooLarge(size, _call.Caller.MaxFrameSize);
        }
    }

    public bool TryComplete(IMessage? reply)
    {
        using EncodedMessage encoded = reply is null ? default : Encode(reply);
        lock (_order)
        {
            AssertInvariants();
            if (_ended)
            {
                return Context.IsCancelled;
            }

            if (reply is null)
            {
                _call.End();
            }
            else if (_call.IsAwaited)
            {
                _call.Caller.Reply(Context, hasMore: false, encoded.Bytes);
            }

            _ended = true;
        }

        End(failure: null);
        return true;
    }

    /// <summary>Fails a stream whose time is over, although its method has ended normally: it may have ended because of that.</summary>
    internal void FailLate() => Fail(new OperationCanceledException("The deadline of the call is over."));

    /// <summary>
    /// Ends the call, unless it has ended: <see cref="WriteEncoded"/> has sent the last reply, the client no longer receives it, or the call is canceled and
    /// nothing runs that would end it.
    /// </summary>
    internal void Finish()
    {
        lock (_order)
        {
            AssertInvariants();
            if (_ended)
            {
                return;
            }

            _ended = true;
        }

        End(failure: null);
    }

    public void Fail(Exception reason)
    {
        _call.Report(reason);
        lock (_order)
        {
            AssertInvariants();
            if (_ended)
            {
                return;
            }

            _ended = true;
            _call.Fail(reason);
        }

        End(reason);
    }

    /// <summary>Called once, when the call has ended, with the reason if it has failed.</summary>
    protected virtual void OnEnded(Exception? failure) { }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_order.IsHeldByCurrentThread);
        Debug.Assert(_requestBytes >= OwnBytes, "A pending call takes memory until its last reply.");
    }

    /// <summary>Encodes a reply, if the client wants it. Not called inside the lock, since encoding runs user code.</summary>
    private EncodedMessage Encode(IMessage reply) => _call.IsAwaited ? new EncodedMessage(reply, _call.Caller.MaxFrameSize) : default;

    private void FailDropped() => Fail(new InvalidOperationException("The ReplyWriter or task was garbage-collected before it completed the call."));

    [SuppressMessage("Usage", "CA1816", Justification = "The last reply ends the call, not Dispose.")]
    private void End(Exception? failure)
    {
        GC.SuppressFinalize(this);
        OnEnded(failure);
        _call.Caller.ReleaseRequest(_requestBytes);
        _call.Caller.EndCall(Context);
    }
}
