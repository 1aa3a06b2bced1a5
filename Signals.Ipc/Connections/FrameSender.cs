using System.Diagnostics;
using Signals.Ipc.Framing;
using Signals.Ipc.Threading;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>
/// Sends the frames of a connection. Any number of threads add frames, which are written into one buffer while the other one is being sent,
/// so that accumulated frames are sent together.
/// </summary>
/// <remarks>
/// A send is started by the reading thread, when a batch of frames has accumulated and at the end of what it has read; by a caller with
/// <see cref="SendTiming.Now"/>; otherwise by one work item on the thread pool. Only one of them sends at a time, and none of them blocks.
/// </remarks>
internal sealed class FrameSender : IThreadPoolWorkItem
{
    /// <summary>The number of buffers that one work item sends before it yields to other work items.</summary>
    private const int BuffersOfTurn = 16;

    /// <summary>The number of frames that were held back and are written together, before they are sent.</summary>
    private const int FramesOfRelease = 64;

    private readonly IFrameSenderOwner _owner;
    private readonly IpcConnectionSettings _settings;

    /// <summary>Watches the sends that wait for the peer.</summary>
    private readonly WriteWatch _watch;

    /// <summary>Sends the buffer that has been taken.</summary>
    private readonly ByteSender _bytes;

    /// <summary>Guards everything below, unless noted otherwise.</summary>
    private readonly Lock _gate = new();

    private readonly SendBuffers _buffers;

    private readonly WaitingFrames _waiting;

    private bool _isSending;
    private bool _isFlushRequested;
    private bool _isClosed;

    private IpcTransport? _transport;

    /// <summary>Indicates whether the frames that are being delivered arrived together. Used only by the reading thread, without the lock.</summary>
    private bool _isInBatch;

    /// <summary>The id of the thread that is delivering the frames of this connection, at whose end it flushes this sender. Zero if there is none.</summary>
    private volatile int _readingThread;

    internal FrameSender(IFrameSenderOwner owner, IpcConnectionSettings settings)
    {
        _owner = owner;
        _settings = settings;
        _buffers = new SendBuffers(settings);
        _waiting = new WaitingFrames(owner, _buffers);
        _watch = new WriteWatch(settings, owner.OnSendingEnded);
        _bytes = new ByteSender(_buffers, _watch, OnSent);
    }

    /// <inheritdoc cref="SendBuffers.UnsentBytes"/>
    internal long UnsentBytes => _buffers.UnsentBytes;

    /// <inheritdoc cref="SendBuffers.MayBeSent"/>
    internal bool MayBeSent(long mark) => _buffers.MayBeSent(mark);

    internal static IpcException TooLarge(int size, int limit) =>
        new($"The message requires a frame of {size} bytes; the limit is {limit}. Send smaller messages, or raise the limit on both sides.")
        {
            IsFrameTooLarge = true,
        };

    /// <summary>Adds a frame, regardless of the number of unsent bytes. Does nothing if the connection has ended.</summary>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal void Send<TFrame>(in TFrame frame, SendTiming timing)
        where TFrame : struct, IOutgoingFrame, allows ref struct => TryWrite(frame, timing, needsRoom: false);

    /// <summary>Adds a frame if there is room and no other frame waits for it.</summary>
    /// <returns>True if the frame was added. False also if the connection has ended.</returns>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal bool TrySend<TFrame>(in TFrame frame, SendTiming timing)
        where TFrame : struct, IOutgoingFrame, allows ref struct => TryWrite(frame, timing, needsRoom: true);

    /// <summary>
    /// Adds a frame if there is room and no other frame waits for it; otherwise, queues it. A frame whose number the peer limits may be held back instead,
    /// which does not delay other frames.
    /// </summary>
    /// <returns>The result.</returns>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal SendResult SendOrQueue(IQueuedFrame frame, SendTiming timing)
    {
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            if (_isClosed)
            {
                return SendResult.Closed;
            }

            bool isHeldBack = _waiting.MustHoldBack(frame);
            if (!isHeldBack && _waiting.HasRoom)
            {
                if (!frame.TryWrite(new FrameWriter(_buffers)))
                {
                    return SendResult.Unwanted;
                }

                begin = MayBeginSend(timing);
            }
            else if (!frame.TryKeep())
            {
                return SendResult.Unwanted;
            }
            else
            {
                Wait(frame, isHeldBack);
                return SendResult.Queued;
            }
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
            return _waiting.Remove(frame);
        }
    }

    /// <summary>
    /// Sends the frames that are held back and that the peer now accepts, on the thread pool. Called after their number has fallen, or the limit has changed.
    /// </summary>
    internal void ReleaseHeldBack()
    {
        int heldBack = _waiting.HeldBackCount;
        if (heldBack != 0 && !Volatile.Read(ref _isFlushRequested) && _owner.AcceptsLimited(heldBack))
        {
            lock (_gate)
            {
                AssertInvariants();
                RequestFlush();
            }
        }
    }

    /// <summary>Removes the frames that wait for room and for which a condition is true. The condition is evaluated inside the lock.</summary>
    internal List<IQueuedFrame> WithdrawAll(Predicate<IQueuedFrame> condition)
    {
        lock (_gate)
        {
            AssertInvariants();
            List<IQueuedFrame> withdrawn = _waiting.RemoveQueued(condition);
            withdrawn.ForEach(static frame => frame.Withdraw());
            return withdrawn;
        }
    }

    /// <summary>Runs book-keeping inside the lock, so that no frame is written meanwhile.</summary>
    internal void RunLocked(Action action)
    {
        lock (_gate)
        {
            AssertInvariants();
            action();
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

    /// <summary>Sends the accumulated frames on a thread of the library if they wait for one of the pool.</summary>
    internal void SendOverdue()
    {
        if (Volatile.Read(ref _isFlushRequested))
        {
            ReaderThreads.Run(((IThreadPoolWorkItem)this).Execute);
        }
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

    /// <summary>Stops sending, and returns the frames that were waiting.</summary>
    internal IReadOnlyList<IQueuedFrame> Close()
    {
        List<IQueuedFrame> abandoned;
        lock (_gate)
        {
            AssertInvariants();
            _isClosed = true;
            abandoned = _waiting.RemoveAll();
            if (!_isSending)
            {
                _buffers.Clear();
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

        while (_waiting.HeldBackCount != 0 && TryReleaseHeldBack()) { }

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

    private bool TryWrite<TFrame>(in TFrame frame, SendTiming timing, bool needsRoom)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            if (_isClosed || (needsRoom && !_waiting.HasRoom))
            {
                return false;
            }

            _buffers.Write(frame);
            begin = MayBeginSend(timing);
        }

        if (begin)
        {
            BeginSend();
        }

        return true;
    }

    /// <summary>Adds a frame that waits. Called inside the lock.</summary>
    private void Wait(IQueuedFrame frame, bool isHeldBack)
    {
        if (!isHeldBack)
        {
            _waiting.Queue(frame);
            return;
        }

        _waiting.HoldBack(frame);

        // The peer may have come to accept it before other threads could see that it is held back.
        if (!_isFlushRequested && _owner.AcceptsLimited(_waiting.HeldBackCount))
        {
            RequestFlush();
        }
    }

    /// <summary>Decides which thread sends. Called inside the lock. Returns true if the caller must call <see cref="BeginSend"/>.</summary>
    private bool MayBeginSend(SendTiming timing)
    {
        if (_isSending || _buffers.IsEmpty || _transport is null)
        {
            return false;
        }

        if (IsReadingThread && (_isInBatch || timing == SendTiming.Soon))
        {
            // EndReading sends it. A batch is sent now, so that the peer processes it concurrently.
            return _buffers.HasBatch && TryTakePending();
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
        if (_buffers.IsEmpty || _isClosed)
        {
            return false;
        }

        _buffers.BeginSending();
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
                await _bytes.SendAsync(_transport!).ConfigureAwait(false);
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

    /// <summary>Counts accepted bytes, and writes the frames that waited for room.</summary>
    private void OnSent(int count)
    {
        bool hasQueued;
        lock (_gate)
        {
            AssertInvariants();
            _buffers.CountSent(count);
            hasQueued = _waiting.HasQueued;
        }

        while (hasQueued && TryWriteQueued(out WrittenFrame written))
        {
            written.Report(_settings.Logger);
        }

        _owner.OnSent();
    }

    /// <summary>Writes the first waiting frame, if there is room.</summary>
    /// <returns>False if no frame waits or there is no room.</returns>
    private bool TryWriteQueued(out WrittenFrame written)
    {
        lock (_gate)
        {
            AssertInvariants();
            written = default;
            return !_isClosed && _waiting.TryWriteQueued(out written);
        }
    }

    /// <summary>Adds some of the frames that are held back and that the peer accepts, or queues them if there is no room.</summary>
    /// <returns>False if the peer accepts no more, or none is held back.</returns>
    private bool TryReleaseHeldBack()
    {
        List<WrittenFrame> written;
        bool begin;
        lock (_gate)
        {
            AssertInvariants();
            written = _isClosed ? [] : _waiting.Release(FramesOfRelease);
            begin = MayBeginSend(SendTiming.Now);
        }

        written.ForEach(frame => frame.Report(_settings.Logger));
        if (begin)
        {
            BeginSend();
        }

        return written.Count == FramesOfRelease;
    }

    /// <summary>Ends the sending of a buffer. Returns true if this thread must send the next one.</summary>
    private bool TryContinue(bool mayContinue)
    {
        lock (_gate)
        {
            AssertInvariants();
            _buffers.EndSending();
            _isSending = false;
            if (_isClosed)
            {
                _buffers.Clear();
                return false;
            }

            if (_buffers.IsEmpty)
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
            _buffers.EndSending();
            _buffers.Clear();
        }

        _watch.Stop();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        Debug.Assert(_buffers.IsConsistent, "No byte is sent before it is written and passed to the system.");
        Debug.Assert(!_isSending || _transport is not null, "Who sends has a transport.");
        Debug.Assert(_waiting.IsConsistent, "The frames that are held back are counted.");
    }
}
