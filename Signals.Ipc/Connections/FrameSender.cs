using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Signals.Ipc.Framing;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>
/// Sends the frames of a connection. Any number of threads add frames, which are written into one buffer while the other one is being sent,
/// so that accumulated frames are sent together.
/// </summary>
/// <remarks>
/// A send is started by the reading thread, when enough bytes have accumulated and at the end of what it has read; by a caller with
/// <see cref="SendTiming.Now"/>; otherwise by one work item on the thread pool. Only one of them sends at a time, and none of them blocks.
/// </remarks>
internal sealed class FrameSender : IThreadPoolWorkItem
{
    /// <summary>
    /// The number of bytes that the reading thread accumulates before it sends, so that the peer processes them while this thread processes the rest of
    /// what it has read. Half as much costs a tenth of the rate in system calls; eight times as much, a fifth of a stream's rate.
    /// </summary>
    internal const int HeldBackSize = 2 * 1024;

    /// <summary>
    /// The maximum number of bytes that are passed to the system at once. Progress is observed, and required, in units of this size.
    /// </summary>
    private const int MaxSendSize = 16 * 1024;

    /// <summary>
    /// The maximum send size for a peer that has been slow. The system reports only blocks that the peer has read completely, so they are small;
    /// this is fast enough for such a peer.
    /// </summary>
    private const int MaxSlowSendSize = 1024;

    /// <summary>The number of buffers that one work item sends before it yields to other work items.</summary>
    private const int BuffersOfTurn = 16;

    /// <summary>The number of frames that were held back and are written together, before they are sent.</summary>
    private const int FramesOfRelease = 64;

    private readonly IFrameSenderOwner _owner;
    private readonly IpcConnectionSettings _settings;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _gate = new();

    /// <summary>The frames that wait for room, in order of arrival.</summary>
    private readonly FrameQueue _queued = new();

    /// <summary>The frames that are held back because the peer limits their number, in order of arrival. They are not in <see cref="_queued"/>.</summary>
    private readonly FrameQueue _heldBack = new();

    /// <summary>The number of frames in <see cref="_heldBack"/>. Read without the lock, too.</summary>
    private int _heldBackCount;

    /// <summary>The buffer to which frames are added.</summary>
    private OutgoingBuffer _pending = new();

    /// <summary>The buffer that is being sent.</summary>
    private OutgoingBuffer _sending = new();

    private bool _isSending;
    private bool _isFlushRequested;
    private bool _isClosed;

    /// <summary>The number of bytes that have been written into the buffers since the connection was created.</summary>
    private long _written;

    /// <summary>The number of bytes that the system has accepted.</summary>
    private long _sent;

    /// <summary>The number of bytes that have been passed to the system, which may not have accepted all of them.</summary>
    private long _offered;

    private IpcTransport? _transport;

    /// <summary>Watches the sends that wait for the peer.</summary>
    private readonly WriteWatch _watch;

    /// <summary>Indicates whether the frames that are being delivered arrived together. Used only by the reading thread, without the lock.</summary>
    private bool _isInBatch;

    /// <summary>The id of the thread that is delivering the frames of this connection, at whose end it flushes this sender. Zero if there is none.</summary>
    private volatile int _readingThread;

    internal FrameSender(IFrameSenderOwner owner, IpcConnectionSettings settings)
    {
        _owner = owner;
        _settings = settings;
        _watch = new WriteWatch(settings, owner.OnSendingEnded);
    }

    /// <summary>
    /// Gets the number of bytes that the system has not accepted yet. Read after every call, hence without the lock: never too low.
    /// </summary>
    internal long UnsentBytes
    {
        get
        {
            // The order matters: bytes that are sent in between can make the result too high, but never negative.
            long sent = Volatile.Read(ref _sent);
            return Volatile.Read(ref _written) - sent;
        }
    }

    private bool HasRoom => _written - _sent < _settings.MaxUnsentBytes;

    /// <summary>
    /// Returns a value that indicates whether the system may have accepted all bytes up to a mark: it has, or they have been passed to it and the
    /// result is outstanding. While the connection is active, false proves nothing.
    /// </summary>
    internal bool MayBeSent(long mark) => mark <= Volatile.Read(ref _offered);

    internal static IpcException TooLarge(int size, int limit) =>
        new($"The message requires a frame of {size} bytes; the limit is {limit}. Send smaller messages, or raise the limit on both sides.")
        {
            IsFrameTooLarge = true,
        };

    /// <summary>Adds a frame, regardless of the number of unsent bytes. Does nothing if the connection has ended.</summary>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal void Send<TFrame>(in TFrame frame, SendTiming timing)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            if (_isClosed)
            {
                return;
            }

            new Writer(this).Write(frame);
            begin = MayBeginSend(timing);
        }

        if (begin)
        {
            BeginSend();
        }
    }

    /// <summary>Adds a frame if there is room and no other frame waits for it.</summary>
    /// <returns>True if the frame was added. False also if the connection has ended.</returns>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal bool TrySend<TFrame>(in TFrame frame, SendTiming timing)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            if (_isClosed || !_queued.IsEmpty || !HasRoom)
            {
                return false;
            }

            new Writer(this).Write(frame);
            begin = MayBeginSend(timing);
        }

        if (begin)
        {
            BeginSend();
        }

        return true;
    }

    /// <summary>
    /// Adds a frame if there is room and no other frame waits for it; otherwise, queues it. A frame whose number the peer limits may be held back instead,
    /// which does not delay other frames.
    /// </summary>
    /// <returns>The result.</returns>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal SendResult SendOrQueue(IQueuedFrame frame, SendTiming timing)
    {
        SendResult result = SendOrKeep(frame, timing);
        if (result == SendResult.Queued)
        {
            // The peer may have come to accept it before other threads could see that it is held back.
            ReleaseHeldBack();
        }

        return result;
    }

    private SendResult SendOrKeep(IQueuedFrame frame, SendTiming timing)
    {
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            if (_isClosed)
            {
                return SendResult.Closed;
            }

            bool isHeldBack = frame.IsLimited && (_heldBackCount != 0 || !_owner.AcceptsLimited(heldBack: 0));
            if (isHeldBack || !_queued.IsEmpty || !HasRoom)
            {
                if (!frame.TryKeep())
                {
                    return SendResult.Unwanted;
                }

                if (isHeldBack)
                {
                    HoldBack(frame);
                }
                else
                {
                    _queued.Add(frame);
                }

                return SendResult.Queued;
            }

            if (!frame.TryWrite(new Writer(this)))
            {
                return SendResult.Unwanted;
            }

            begin = MayBeginSend(timing);
        }

        if (begin)
        {
            BeginSend();
        }

        return SendResult.Accepted;
    }

    /// <summary>Withdraws a frame unless it has been written. This includes a frame that another thread is about to add.</summary>
    /// <returns>True if the frame was in the queue.</returns>
    internal bool Withdraw(IQueuedFrame frame)
    {
        lock (_gate)
        {
            AssertInvariants();
            frame.Withdraw();
            return frame.IsHeldBack ? _heldBack.Remove(Unhold(frame)) : _queued.Remove(frame);
        }
    }

    /// <summary>
    /// Sends the frames that are held back and that the peer now accepts, on the thread pool. Called after their number has fallen, or the limit has changed.
    /// </summary>
    internal void ReleaseHeldBack()
    {
        int heldBack = Volatile.Read(ref _heldBackCount);
        if (heldBack != 0 && !Volatile.Read(ref _isFlushRequested) && _owner.AcceptsLimited(heldBack))
        {
            lock (_gate)
            {
                AssertInvariants();
                RequestFlush();
            }
        }
    }

    /// <summary>Removes the frames for which a condition is true from the queue. The condition is evaluated inside the lock.</summary>
    internal List<IQueuedFrame> WithdrawAll(Predicate<IQueuedFrame> condition)
    {
        lock (_gate)
        {
            AssertInvariants();
            List<IQueuedFrame> withdrawn = _queued.RemoveAll(condition);
            withdrawn.ForEach(static frame => frame.Withdraw());
            return withdrawn;
        }
    }

    /// <summary>Sends the accumulated frames, on this thread as far as the system accepts them synchronously.</summary>
    internal void Flush()
    {
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            begin = MayBeginSend(SendTiming.Now);
        }

        if (begin)
        {
            BeginSend();
        }
    }

    /// <summary>Gets a value that indicates whether this thread is delivering the frames of this connection.</summary>
    internal bool IsReadingThread => _readingThread == Environment.CurrentManagedThreadId;

    /// <summary>Marks this thread as delivering frames.</summary>
    internal void BeginReading() => _readingThread = Environment.CurrentManagedThreadId;

    /// <summary>Announces the delivery of a frame. If more frames follow, those that their slots send are sent together.</summary>
    internal void OnDelivering(bool hasMoreFrames) => _isInBatch |= hasMoreFrames;

    /// <summary>Ends the delivery on this thread, and sends the accumulated frames.</summary>
    internal void EndReading()
    {
        LeaveReading();
        Flush();
    }

    /// <summary>Ends the delivery on the reading thread, which may be another one that is blocked. The next reading thread flushes.</summary>
    internal void LeaveReading()
    {
        _isInBatch = false;
        _readingThread = 0;
    }

    /// <summary>Starts sending, through an established transport.</summary>
    internal void Start(IpcTransport transport)
    {
        lock (_gate)
        {
            AssertInvariants();
            _transport = transport;
        }

        Flush();
    }

    /// <summary>Stops sending, and returns the frames that were waiting for room.</summary>
    internal IReadOnlyList<IQueuedFrame> Close()
    {
        List<IQueuedFrame> abandoned;
        lock (_gate)
        {
            AssertInvariants();
            _isClosed = true;
            abandoned = [.. _queued.RemoveAll(static _ => true), .. _heldBack.RemoveAll(static _ => true).Select(Unhold)];
            if (!_isSending)
            {
                _pending.Clear();
            }
        }

        _watch.Stop();
        return abandoned;
    }

    /// <summary>Sends the accumulated frames, as a work item on the thread pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            AssertInvariants();
            // Before the frames that are held back are counted: those that the peer accepts later request another flush.
            _isFlushRequested = false;
        }

        while (Volatile.Read(ref _heldBackCount) != 0 && TryReleaseHeldBack()) { }

        lock (_gate)
        {
            AssertInvariants();
            if (_isSending || !TryTakePending())
            {
                return;
            }
        }

        _ = SendAllAsync(BuffersOfTurn);
    }

    /// <summary>Decides which thread sends. Called inside the lock. Returns true if the caller must call <see cref="BeginSend"/>.</summary>
    private bool MayBeginSend(SendTiming timing)
    {
        if (_isSending || _pending.Length == 0 || _transport is null)
        {
            return false;
        }

        if (IsReadingThread && (_isInBatch || timing == SendTiming.Soon))
        {
            // EndReading sends it. A full send is started now, so that the peer processes it concurrently.
            return _pending.Length >= HeldBackSize && TryTakePending();
        }

        if (timing == SendTiming.Now)
        {
            return TryTakePending();
        }

        RequestFlush();
        return false;
    }

    private void RequestFlush()
    {
        if (!_isFlushRequested)
        {
            // The order matters: if the thread pool throws, the next frame requests a flush again. Execute waits for the lock.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            _isFlushRequested = true;
        }
    }

    private bool TryTakePending()
    {
        if (_pending.Length == 0 || _isClosed)
        {
            return false;
        }

        (_pending, _sending) = (_sending, _pending);
        _isSending = true;
        return true;
    }

    // Sends only one buffer, so that a caller does not send the frames of other threads: the thread pool sends these.
    private void BeginSend() => _ = SendAllAsync(buffers: 1);

    /// <summary>Sends the buffer that has been taken, and frames that were added meanwhile. Never throws.</summary>
    /// <param name="buffers">The number of buffers that this thread sends; another work item sends the rest.</param>
    private async Task SendAllAsync(int buffers)
    {
        try
        {
            do
            {
                await SendBufferAsync().ConfigureAwait(false);
            } while (TryContinue(--buffers > 0));
        }
        catch (Exception exception) when (_transport!.Explain(exception) is { } reason)
        {
            Stop();
            _owner.OnSendingEnded(reason);
        }
        catch (Exception exception)
        {
            // The part of the buffer that the peer has received is unknown, so no further frame can be sent.
            Stop();
            IpcLog.SendingFailed(_settings.Logger, exception);
            _owner.OnSendingEnded(new DisconnectReason(DisconnectCause.ConnectionLost, $"Sending failed: {exception.Message}", exception));
        }
    }

    private async ValueTask SendBufferAsync()
    {
        IpcTransport transport = _transport!;
        ReadOnlyMemory<byte> rest = _sending.Written;
        while (!rest.IsEmpty)
        {
            ReadOnlyMemory<byte> part = rest[..Math.Min(rest.Length, _watch.IsSlow ? MaxSlowSendSize : MaxSendSize)];

            // Before the system can accept any of it. Only the sending thread writes this field and those that it is calculated from.
            Volatile.Write(ref _offered, _sent + part.Length);
            ValueTask<int> sending = transport.SendAsync(part);
            int count;
            if (sending.IsCompleted)
            {
                count = sending.GetAwaiter().GetResult();
            }
            else
            {
                _watch.Begin(transport);
                count = await sending.ConfigureAwait(false);
                _watch.End();
            }

            rest = rest[count..];
            OnSent(count);
        }
    }

    /// <summary>Counts accepted bytes, and writes the frames that waited for room.</summary>
    private void OnSent(int count)
    {
        bool hasQueued;
        lock (_gate)
        {
            AssertInvariants();
            Volatile.Write(ref _sent, _sent + count);
            hasQueued = !_queued.IsEmpty;
        }

        while (hasQueued && TryWriteQueued(out IQueuedFrame? frame, out SendResult result, out Exception? failure))
        {
            Tell(frame, result, failure);
        }

        _owner.OnSent();
    }

    /// <summary>Writes the first waiting frame, if there is room.</summary>
    /// <returns>False if no frame waits or there is no room.</returns>
    private bool TryWriteQueued([NotNullWhen(true)] out IQueuedFrame? frame, out SendResult result, out Exception? failure)
    {
        result = SendResult.Unwanted;
        failure = null;
        lock (_gate)
        {
            AssertInvariants();
            if (_isClosed || !HasRoom || !_queued.TryTake(out frame))
            {
                frame = null;
                return false;
            }

            result = Write(frame, out failure);
            return true;
        }
    }

    /// <summary>Adds some of the frames that are held back and that the peer accepts, or queues them if there is no room.</summary>
    /// <returns>False if the peer accepts no more, or none is held back.</returns>
    private bool TryReleaseHeldBack()
    {
        List<(IQueuedFrame Frame, SendResult Result, Exception? Failure)> written = [];
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            while (written.Count < FramesOfRelease && !_isClosed && _owner.AcceptsLimited(_heldBackCount) && _heldBack.TryTake(out IQueuedFrame? frame))
            {
                Unhold(frame);
                if (!_queued.IsEmpty || !HasRoom)
                {
                    _queued.Add(frame);
                    continue;
                }

                SendResult result = Write(frame, out Exception? failure);
                written.Add((frame, result, failure));
            }

            begin = MayBeginSend(SendTiming.Now);
        }

        written.ForEach(entry => Tell(entry.Frame, entry.Result, entry.Failure));
        if (begin)
        {
            BeginSend();
        }

        return written.Count == FramesOfRelease;
    }

    /// <summary>Writes a frame that has waited. An exception fails the frame, not the connection.</summary>
    private SendResult Write(IQueuedFrame frame, out Exception? failure)
    {
        failure = null;
        try
        {
            return frame.TryWrite(new Writer(this)) ? SendResult.Accepted : SendResult.Unwanted;
        }
        catch (Exception exception)
        {
            failure = exception;
            return SendResult.Unwanted;
        }
    }

    private void HoldBack(IQueuedFrame frame)
    {
        _heldBack.Add(frame);
        frame.IsHeldBack = true;

        // A full barrier: either this thread then sees that the peer accepts the frame, or the thread that has ended another one sees this frame.
        Interlocked.Increment(ref _heldBackCount);
    }

    private IQueuedFrame Unhold(IQueuedFrame frame)
    {
        frame.IsHeldBack = false;
        Volatile.Write(ref _heldBackCount, _heldBackCount - 1);
        return frame;
    }

    /// <summary>Reports the result to a frame that waited. This may run user continuations, which must not stop the sending.</summary>
    private void Tell(IQueuedFrame frame, SendResult result, Exception? failure)
    {
        try
        {
            if (failure is not null)
            {
                frame.OnFailed(failure);
            }
            else if (result == SendResult.Accepted)
            {
                frame.OnAccepted();
            }
        }
        catch (Exception exception)
        {
            IpcLog.ContinuationThrew(_settings.Logger, exception);
        }
    }

    /// <summary>Ends the sending of a buffer. Returns true if this thread must send the next one.</summary>
    private bool TryContinue(bool mayContinue)
    {
        lock (_gate)
        {
            AssertInvariants();
            _sending.Clear();
            _isSending = false;
            if (_isClosed)
            {
                _pending.Clear();
                return false;
            }

            if (_pending.Length == 0)
            {
                return false;
            }

            if (mayContinue)
            {
                return TryTakePending();
            }

            RequestFlush();
            return false;
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            AssertInvariants();
            _isClosed = true;
            _isSending = false;
            _sending.Clear();
            _pending.Clear();
        }

        _watch.Stop();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        Debug.Assert(_sent <= _written && _sent <= Volatile.Read(ref _offered), "No byte is sent before it is written and passed to the system.");
        Debug.Assert(!_isSending || _transport is not null, "Who sends has a transport.");
        Debug.Assert(_heldBack.IsEmpty == (_heldBackCount == 0), "The frames that are held back are counted.");
    }

    /// <summary>Writes frames into the buffer of a sender, inside its lock.</summary>
    internal readonly struct Writer(FrameSender sender)
    {
        /// <summary>Writes a frame. Returns its mark: the frame is sent when all bytes up to the mark are sent.</summary>
        /// <exception cref="IpcException">The frame is larger than allowed.</exception>
        internal long Write<TFrame>(in TFrame frame)
            where TFrame : struct, IOutgoingFrame, allows ref struct
        {
            int size = frame.CalculateSize();
            int limit = sender._settings.MaxFrameSize;
            if (size > limit)
            {
                throw TooLarge(size, limit);
            }

            sender._pending.Append(frame, size);
            long mark = sender._written + size;
            Volatile.Write(ref sender._written, mark);
            return mark;
        }
    }
}
