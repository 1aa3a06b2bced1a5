using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Services;

/// <summary>
/// The replies that a <see cref="ReplyWriter{TReply}"/> has written and that interceptors have not taken yet. Only the writer keeps the queue alive: if the
/// writer is garbage-collected, so are the reading interceptors and their pending reply, which then fails the call.
/// </summary>
internal sealed class ReplyQueue<TReply> : IReplySink
    where TReply : class, IMessage<TReply>
{
    /// <summary>The number of bytes of waiting replies above which the client counts as full.</summary>
    private const int MaxBytes = 64 * 1024;

    private readonly Channel<(TReply Reply, int Size)> _replies = Channel.CreateUnbounded<(TReply Reply, int Size)>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly IncomingCall _call;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>The number of bytes of the replies that wait.</summary>
    private long _bytes;

    /// <summary>Completed when interceptors have taken replies; null while no writer waits for that.</summary>
    private TaskCompletionSource? _room;

    internal ReplyQueue(in IncomingCall call)
    {
        _call = call;

        // A weak reference: the token is held by the connection.
        call.Context.CancellationToken.UnsafeRegister(
            static state => (((WeakReference<ReplyQueue<TReply>>)state!).TryGetTarget(out ReplyQueue<TReply>? queue) ? queue : null)?.OnCancelled(),
            new WeakReference<ReplyQueue<TReply>>(this)
        );
    }

    public CallContext Context => _call.Context;

    public CallerState State
    {
        get
        {
            if (!_call.IsAwaited || _replies.Reader.Completion.IsCompleted)
            {
                return CallerState.Gone;
            }

            return IsFull ? CallerState.Full : _call.Caller.State;
        }
    }

    private bool IsFull => Volatile.Read(ref _bytes) > MaxBytes;

    public async ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                AssertInvariants();
                if (!IsFull)
                {
                    break;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return await _call.Caller.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
    }

    public bool TryWrite(IMessage reply)
    {
        // A copy, since the service may reuse the message.
        TReply copy = ((TReply)reply).Clone();
        int size = new InvokeMethodReplyFrame(_call.RequestId, success: true, hasMore: true, copy.ToByteArray()).CalculateSize();
        if (size > _call.Caller.MaxFrameSize)
        {
            throw FrameSender.TooLarge(size, _call.Caller.MaxFrameSize);
        }

        lock (_lock)
        {
            AssertInvariants();
            _bytes += size;
        }

        return _replies.Writer.TryWrite((copy, size)) || Context.IsCancelled;
    }

    public bool TryComplete(IMessage? reply) => (reply is null || TryWrite(reply)) && (_replies.Writer.TryComplete() || Context.IsCancelled);

    public void Fail(Exception reason)
    {
        if (!_replies.Writer.TryComplete(reason))
        {
            _call.Report(reason);
        }
    }

    /// <summary>Enumerates the replies.</summary>
    internal async IAsyncEnumerable<TReply> ReadAllAsync()
    {
        await foreach ((TReply reply, int size) in _replies.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            OnTaken(size);
            yield return reply;
        }
    }

    private void OnTaken(int size)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            AssertInvariants();
            _bytes -= size;
            if (!IsFull)
            {
                room = _room;
                _room = null;
            }
        }

        room?.TrySetResult();
    }

    /// <summary>Ends the replies of a call that its client has canceled. One whose deadline is over still has a reply.</summary>
    private void OnCancelled()
    {
        if (Context.IsCancelled)
        {
            _replies.Writer.TryComplete(new OperationCanceledException(Context.CancellationToken));
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_bytes >= 0, "Only replies that were added are taken.");
    }
}
