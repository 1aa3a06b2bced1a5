using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Sends the frames of a connection. Any number of threads hand frames over; they are written into one buffer while the other one is
/// being sent, so that all that has come together goes out in one send.
/// </summary>
/// <remarks>
/// Who starts a send: the reading thread, when enough has come together and at the end of what it has read; a caller whose frame somebody
/// waits for; otherwise one work item on the thread pool. Only one of them sends at a time, and none of them ever blocks.
/// </remarks>
internal sealed class FrameSender : IThreadPoolWorkItem
{
    /// <summary>The bytes that the reading thread collects before it sends: as much as one send takes.</summary>
    internal const int HeldBackSize = MaxSendSize;

    /// <summary>How much is handed to the system at once, at most: progress is seen, and has to be made, by this much.</summary>
    private const int MaxSendSize = 16 * 1024;

    /// <summary>
    /// The same for a peer that has been slow: the system sees it take whole pieces only, so each of them is small. Together they are as fast as
    /// such a peer reads.
    /// </summary>
    private const int MaxSlowSendSize = 1024;

    /// <summary>The steps of the write timeout. In each of them the system is asked for progress: a peer is given up at most one of them too late.</summary>
    private const int WriteSteps = 4;

    /// <summary>The buffers that one work item of the thread pool sends before other work gets its turn.</summary>
    private const int BuffersOfTurn = 16;

    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(1);

    /// <summary>The sender whose connection this thread is delivering frames of. It is flushed when that is done.</summary>
    [ThreadStatic]
    private static FrameSender? reading;

    private readonly IpcConnection _connection;
    private readonly IpcConnectionSettings _settings;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _gate = new();

    /// <summary>Frames that wait for room, in the order in which they came.</summary>
    private readonly FrameQueue _queued = new();

    /// <summary>Where frames are added.</summary>
    private OutgoingBuffer _pending = new();

    /// <summary>What is being sent.</summary>
    private OutgoingBuffer _sending = new();

    private bool _isSending;
    private bool _isFlushRequested;
    private bool _isClosed;

    /// <summary>How many bytes have been written into the buffers since the connection was made.</summary>
    private long _written;

    /// <summary>How many of them the system has taken.</summary>
    private long _sent;

    /// <summary>How many of them have been given to the system, which may not have taken them all.</summary>
    private long _offered;

    private Socket? _socket;

    /// <summary>Runs while a send waits for the peer. Made by the sending thread.</summary>
    private ITimer? _writeTimer;

    /// <summary>Indicates whether a send waits for the peer.</summary>
    private bool _isWaiting;

    /// <summary>Indicates whether the last send that had to wait did so for longer than a step of the write timeout.</summary>
    private bool _isSlow;

    /// <summary>The steps since the system last saw progress.</summary>
    private int _idleSteps;

    /// <summary>The system's word for the peer's progress when it was last asked.</summary>
    private long _progress;

    /// <summary>Whether the frames that are being delivered came together. Only the reading thread looks at this, without the lock.</summary>
    private bool _isInBatch;

    internal FrameSender(IpcConnection connection, IpcConnectionSettings settings)
    {
        _connection = connection;
        _settings = settings;
    }

    /// <summary>How many bytes wait to be taken by the system. Asked after every call, so without the lock: never too few.</summary>
    internal long UnsentBytes
    {
        get
        {
            // In this order: what is sent meanwhile may make the answer too large, but never less than nothing.
            long sent = Volatile.Read(ref _sent);
            return Volatile.Read(ref _written) - sent;
        }
    }

    private bool HasRoom => _written - _sent < _settings.MaxUnsentBytes;

    /// <summary>
    /// Whether the system may have taken everything up to a mark: it has, or it has been given that and not said yet how much it took. Of a connection
    /// that goes on nothing follows from a no.
    /// </summary>
    internal bool MayBeSent(long mark) => mark <= Volatile.Read(ref _offered);

    internal static IpcException TooLarge(int size, int limit) =>
        new($"The message makes a frame of {size} bytes; the limit is {limit}. Send less at once, or raise the limit on both sides.");

    /// <summary>Adds a frame, whatever is unsent. Does nothing once the connection has ended.</summary>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal void Send<TFrame>(in TFrame frame, SendTiming timing)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        bool begin;
        lock (_gate)
        {
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

    /// <summary>Adds a frame if there is room and nobody waits for it.</summary>
    /// <returns>Whether it was added. False also if the connection has ended.</returns>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal bool TrySend<TFrame>(in TFrame frame, SendTiming timing)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        bool begin;
        lock (_gate)
        {
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

    /// <summary>Adds a frame if there is room and nobody waits for it, or else queues it.</summary>
    /// <returns>What became of it.</returns>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal SendResult SendOrQueue(IQueuedFrame frame, SendTiming timing)
    {
        bool begin;
        lock (_gate)
        {
            if (_isClosed)
            {
                return SendResult.Closed;
            }

            if (!_queued.IsEmpty || !HasRoom)
            {
                if (!frame.TryKeep())
                {
                    return SendResult.Unwanted;
                }

                _queued.Add(frame);
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

    /// <summary>Takes a frame back, unless it has been written already: also one that somebody is about to hand over.</summary>
    /// <returns>Whether it was in the queue.</returns>
    internal bool Withdraw(IQueuedFrame frame)
    {
        lock (_gate)
        {
            frame.Withdraw();
            return _queued.Remove(frame);
        }
    }

    /// <summary>Takes the frames of which a condition is true out of the queue. The condition is asked inside the lock.</summary>
    internal List<IQueuedFrame> WithdrawAll(Predicate<IQueuedFrame> condition)
    {
        lock (_gate)
        {
            return _queued.RemoveAll(condition);
        }
    }

    /// <summary>Sends what has come together, on this thread as far as the system takes it at once.</summary>
    internal void Flush()
    {
        bool begin;
        lock (_gate)
        {
            begin = MayBeginSend(SendTiming.Now);
        }

        if (begin)
        {
            BeginSend();
        }
    }

    /// <summary>Says that this thread delivers frames from here on. Returns what <see cref="EndReading"/> has to be given.</summary>
    internal FrameSender? BeginReading()
    {
        FrameSender? outer = reading;
        reading = this;
        return outer;
    }

    /// <summary>Says that a frame is about to be delivered: what its slot sends comes together with what those of the next ones send.</summary>
    internal void OnDelivering(bool hasMoreFrames) => _isInBatch |= hasMoreFrames;

    /// <summary>Says that this thread has delivered what there was, and sends what has come together.</summary>
    internal void EndReading(FrameSender? outer)
    {
        reading = outer;
        _isInBatch = false;
        Flush();
    }

    /// <summary>Lets sending begin.</summary>
    internal void Start(Socket socket)
    {
        lock (_gate)
        {
            _socket = socket;
        }

        Flush();
    }

    /// <summary>Ends the sending and returns the frames that were still waiting for room.</summary>
    internal IReadOnlyList<IQueuedFrame> Close()
    {
        List<IQueuedFrame> abandoned;
        lock (_gate)
        {
            _isClosed = true;
            abandoned = _queued.RemoveAll(static _ => true);
            if (!_isSending)
            {
                _pending.Clear();
            }
        }

        // A timer that is just being made is disposed by the thread that makes it.
        Volatile.Read(ref _writeTimer)?.Dispose();
        return abandoned;
    }

    /// <summary>Sends what is there when its turn has come on the thread pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            _isFlushRequested = false;
            if (_isSending || !TryTakePending())
            {
                return;
            }
        }

        _ = SendAllAsync(BuffersOfTurn);
    }

    /// <summary>Decides who sends. Called inside the lock. Returns whether it is the caller, who has to call <see cref="BeginSend"/> then.</summary>
    private bool MayBeginSend(SendTiming timing)
    {
        if (_isSending || _pending.Length == 0 || _socket is null)
        {
            return false;
        }

        if (reading == this && (_isInBatch || timing == SendTiming.Soon))
        {
            // The end of the reading sends it. What is enough for a send goes now, so that the peer works on it at the same time.
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
            // In this order: if the pool throws, the next frame asks again. Execute waits for the lock.
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

    // What others add meanwhile is not this caller's business: the thread pool goes on with it.
    private void BeginSend() => _ = SendAllAsync(buffers: 1);

    /// <summary>Sends the buffer that has been taken, and what has come meanwhile. Never throws.</summary>
    /// <param name="buffers">The number of buffers that this thread sends; the rest is another work item's.</param>
    private async Task SendAllAsync(int buffers)
    {
        try
        {
            do
            {
                await SendBufferAsync().ConfigureAwait(false);
            } while (TryContinue(--buffers > 0));
        }
        catch (Exception exception) when (SocketFailures.IsExpected(exception))
        {
            Stop();
            _connection.Close(SocketFailures.Describe(exception));
        }
        catch (Exception exception)
        {
            // How much of the buffer the peer has is not known, so nothing can follow it.
            Stop();
            IpcLog.SendingFailed(_settings.Logger, exception);
            _connection.Close(new DisconnectReason(DisconnectCause.ConnectionLost, $"Sending failed: {exception.Message}", exception));
        }
    }

    private async ValueTask SendBufferAsync()
    {
        Socket socket = _socket!;
        ReadOnlyMemory<byte> rest = _sending.Written;
        while (!rest.IsEmpty)
        {
            ReadOnlyMemory<byte> part = rest[..Math.Min(rest.Length, _isSlow ? MaxSlowSendSize : MaxSendSize)];

            // Before the system can take any of it. Only the one who sends writes this and what it is calculated from.
            Volatile.Write(ref _offered, _sent + part.Length);
            ValueTask<int> sending = socket.SendAsync(part, SocketFlags.None);
            int count;
            if (sending.IsCompleted)
            {
                count = sending.GetAwaiter().GetResult();
            }
            else
            {
                BeginWait(socket);
                count = await sending.ConfigureAwait(false);
                EndWait();
            }

            rest = rest[count..];
            OnSent(count);
        }
    }

    /// <summary>Gives the room to those who waited for it.</summary>
    private void OnSent(int count)
    {
        bool hasQueued;
        lock (_gate)
        {
            Volatile.Write(ref _sent, _sent + count);
            hasQueued = !_queued.IsEmpty;
        }

        while (hasQueued && TryWriteQueued(out IQueuedFrame? frame, out SendResult result, out Exception? failure))
        {
            Tell(frame, result, failure);
        }

        _connection.OnSent();
    }

    /// <summary>Writes the first of the frames that wait, if there is room for it.</summary>
    /// <returns>False if there was nothing to do.</returns>
    private bool TryWriteQueued([NotNullWhen(true)] out IQueuedFrame? frame, out SendResult result, out Exception? failure)
    {
        result = SendResult.Unwanted;
        failure = null;
        lock (_gate)
        {
            if (_isClosed || !HasRoom || !_queued.TryTake(out frame))
            {
                frame = null;
                return false;
            }

            try
            {
                if (frame.TryWrite(new Writer(this)))
                {
                    result = SendResult.Accepted;
                }
            }
            catch (Exception exception)
            {
                // The frame's fault, not the connection's.
                failure = exception;
            }

            return true;
        }
    }

    /// <summary>Reports the outcome to a frame that waited. That may run user continuations, which must not stop the sending.</summary>
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

    /// <summary>Ends a round of sending. Returns whether this thread has to send the next one.</summary>
    private bool TryContinue(bool mayContinue)
    {
        lock (_gate)
        {
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
            _isClosed = true;
            _isSending = false;
            _sending.Clear();
            _pending.Clear();
        }
    }

    /// <summary>Watches a send that has to wait for the peer. Called by the sending thread.</summary>
    private void BeginWait(Socket socket)
    {
        if (_settings.WriteTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        long progress = SendProgress.Mark(socket);
        lock (_gate)
        {
            _isWaiting = true;
            _isSlow = false;
            _idleSteps = 0;
            _progress = progress;
        }

        // Outside the lock, like every call of the time provider: it is the user's.
        _writeTimer ??= _settings.TimeProvider.CreateTimer(
            static state => ((FrameSender)state!).OnWriteStep(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        BeginStep();
        bool isClosed;
        lock (_gate)
        {
            isClosed = _isClosed;
        }

        if (isClosed)
        {
            _writeTimer.Dispose();
        }
    }

    private void EndWait()
    {
        lock (_gate)
        {
            _isWaiting = false;
        }

        _writeTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void BeginStep()
    {
        TimeSpan step = _settings.WriteTimeout / WriteSteps;

        // Timers take nothing shorter.
        _writeTimer!.Change(step < ShortestStep ? ShortestStep : step, Timeout.InfiniteTimeSpan);
    }

    private void OnWriteStep()
    {
        long progress = SendProgress.Mark(_socket!);
        bool isOver;
        lock (_gate)
        {
            if (_isClosed || !_isWaiting)
            {
                return;
            }

            _isSlow = true;
            _idleSteps = progress == _progress ? _idleSteps + 1 : 0;
            _progress = progress;
            isOver = _idleSteps == WriteSteps;
        }

        if (isOver)
        {
            _connection.Close(
                new DisconnectReason(
                    DisconnectCause.WriteTimeout,
                    $"The system has not seen the peer take anything of what was sent to it for {_settings.WriteTimeout}."
                )
            );
        }
        else
        {
            BeginStep();
        }
    }

    /// <summary>What a frame is written with, inside the sender's lock.</summary>
    internal readonly struct Writer(FrameSender sender)
    {
        /// <summary>Writes a frame. Returns the mark up to which everything has to be sent for the frame to be sent.</summary>
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
