using System.Diagnostics;
using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Threading;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>
/// A connection over one transport, from the attempt to connect until its end, with the frames in both directions. Connect and disconnect are
/// signals; received frames are passed to the derived class on the thread that read them.
/// </summary>
/// <remarks>
/// The receive loop delivers all frames and reports the end, so no frame can follow the end (K2). If a frame's handler blocks,
/// <see cref="EndIfDelivering"/> reports the end instead, and the loop delivers no frame after that handler. A connection can be ended from any
/// thread, always through <see cref="Close"/>, whose first call determines the reason. While user code blocks the loop, another loop takes its place
/// (<see cref="ReadingRole"/>); what only the receive loop uses belongs to the latest one.
/// </remarks>
internal abstract class IpcConnection : IFrameSenderOwner, IReader, IDisposable
{
    /// <summary>The longest time for which a thread of the library waits for bytes before it examines again whether user code blocks threads.</summary>
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(100);

    private readonly IpcConnectionSettings _settings;
    private readonly ReceiveBuffer _received;
    private readonly Lock _lock = new();

    /// <summary>Used only by the receive loop.</summary>
    private readonly ReceiveSpin _spin;

    /// <summary>The established transport, or null before it is established.</summary>
    private IpcTransport? _transport;

    /// <summary>Ends the attempt to connect. Null if there is none.</summary>
    private CancellationTokenSource? _connecting;

    /// <summary>The reason for which the connection is ending or has ended; null while it is open.</summary>
    private DisconnectReason? _closing;

    /// <summary>Completed to resume reading; null while reading is not paused.</summary>
    private TaskCompletionSource? _pause;

    /// <summary>One while the derived class handles a frame, which may run user code.</summary>
    private int _isDelivering;

    /// <summary>One after the reporting of the end has begun.</summary>
    private int _hasEnded;

    /// <summary>Indicates whether the peer disconnected while reading was paused, so that reading is not paused again.</summary>
    private bool _isDraining;

    /// <summary>Used only by the receive loop.</summary>
    private ReceiveTurn _turn;

    /// <summary>The role of the receive loop's thread, or null before there is a loop. Used only by the receive loop.</summary>
    private ReadingRole? _role;

    /// <summary>Indicates whether the receive loop, if it waits, waits for bytes rather than for its turn. Written only by the receive loop.</summary>
    private volatile bool _waitsForBytes;

    private long _droppedFrames;

    /// <summary>The number of bytes that have been received. Written by the receive loop alone.</summary>
    private long _receivedBytes;

    /// <summary>Initializes a connection that is not connected yet.</summary>
    /// <param name="settings">The limits, the time provider and the logger.</param>
    /// <param name="group">The connections that compete for the threads of this process with this one.</param>
    /// <param name="peer">The name of the peer in the log.</param>
    protected IpcConnection(IpcConnectionSettings settings, SpinGroup group, string peer = "The peer")
    {
        _spin = new ReceiveSpin(group);
        _settings = settings;
        Log = new LimitedLogger(settings.Logger, settings.TimeProvider, peer, LimitedLogger.LinesOfConnection);
        _received = new ReceiveBuffer(settings.MaxFrameSize);
        Sender = new FrameSender(this, settings);
        KeepAlive = new KeepAlive(this, settings);
    }

    /// <summary>
    /// Gets the signal that is emitted once for an attempt to connect, with its outcome, on the thread pool and never during <see cref="Connect"/>.
    /// </summary>
    internal Signal<ConnectOutcome> Connected { get; } = new();

    /// <summary>
    /// Gets the signal that is emitted once, after everything else, when an established connection has ended; never if it was disposed.
    /// </summary>
    internal Signal<DisconnectReason> Disconnected { get; } = new();

    internal FrameSender Sender { get; }

    /// <summary>Gets the detection of a peer that has vanished or hangs.</summary>
    internal KeepAlive KeepAlive { get; }

    /// <summary>Gets the number of bytes that have been received.</summary>
    internal long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Gets the number of frames that were dropped because they could not be parsed.</summary>
    internal long DroppedFrameCount => Volatile.Read(ref _droppedFrames);

    /// <summary>Gets the size of the receive buffer, in bytes.</summary>
    internal int ReceiveCapacity => _received.Capacity;

    /// <summary>Gets a value that indicates whether the connection is ending or has ended.</summary>
    internal bool IsClosed => Volatile.Read(ref _closing) is not null;

    /// <summary>Gets the log of this connection, which limits how often a peer can repeat a log message.</summary>
    protected LimitedLogger Log { get; }

    /// <summary>
    /// Gets a value that indicates whether data that the peer sent before it disconnected is delivered even if reading is paused at that time. The
    /// data is limited by the size of the transport's buffer.
    /// </summary>
    protected virtual bool DrainsAfterHangup => false;

    /// <summary>Gets a value that indicates whether reading is paused.</summary>
    internal bool IsReadingPaused => Volatile.Read(ref _pause) is not null;

    /// <summary>Gets a value that indicates whether the disconnection of the peer is detected while reading is paused.</summary>
    protected bool CanDetectHangup => Volatile.Read(ref _transport) is { CanWatchHangup: true };

    /// <summary>Starts to connect. The signals report the outcome.</summary>
    internal void Connect(IpcConnector connector) => Begin(() => _ = ConnectAsync(connector));

    /// <summary>Starts to read from a transport that is already established.</summary>
    /// <returns>False if the connection has already been closed: then no signal is emitted, and the transport is disposed.</returns>
    internal bool Start(IpcTransport transport)
    {
        if (!TryAdopt(transport))
        {
            return false;
        }

        Begin(() => _ = RunAsync(transport));
        return true;
    }

    /// <summary>Ends the connection. Only the reason of the first call is used.</summary>
    internal void Close(DisconnectReason reason)
    {
        IpcTransport? transport;
        CancellationTokenSource? connecting;
        lock (_lock)
        {
            AssertInvariants();
            if (_closing is not null)
            {
                return;
            }

            _closing = reason;
            transport = _transport;
            connecting = _connecting;
        }

        ResumeReading();
        OnClosing();
        connecting?.Cancel();

        // Wakes the receive loop, which reports the end.
        transport?.Dispose();
    }

    /// <summary>Pauses reading until <see cref="ResumeReading"/>. Data that the peer sends remains in the transport.</summary>
    internal void PauseReading()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_closing is null && !_isDraining)
            {
                _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Resumes reading.</summary>
    internal void ResumeReading()
    {
        TaskCompletionSource? pause;
        lock (_lock)
        {
            AssertInvariants();
            pause = _pause;
            _pause = null;
        }

        pause?.TrySetResult();
    }

    /// <summary>Ends the connection without emitting a signal.</summary>
    public void Dispose()
    {
        Dispose(new DisconnectReason(DisconnectCause.ClosedLocally, "This side closed the connection."));
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection without emitting a signal, for a reason that is reported to its calls.</summary>
    internal void Dispose(DisconnectReason reason)
    {
        Connected.Dispose();
        Disconnected.Dispose();
        Close(reason);
    }

    /// <summary>
    /// Reports the end of a closed connection on this thread if a frame is being handled, because the handler may block the receive loop forever.
    /// Otherwise, the receive loop reports the end immediately.
    /// </summary>
    internal void EndIfDelivering()
    {
        Debug.Assert(IsClosed, "Only a closed connection delivers no further frame.");

        // Pairs with Deliver, which needs no barrier of its own: either this thread sees the frame, or Deliver sees that the connection is closed.
        Interlocked.MemoryBarrierProcessWide();
        if (Volatile.Read(ref _isDelivering) != 0)
        {
            End();
        }
    }

    /// <summary>
    /// Gets a value that indicates whether this thread runs the receive loop. False if user code has blocked this thread, so that another one runs it.
    /// </summary>
    protected bool IsReadingThread => Sender.IsReadingThread;

    /// <summary>
    /// Begins user code, which may block: another thread then reads on. Does nothing on other threads than the reading one. The frame that is being
    /// handled is no longer valid.
    /// </summary>
    internal UserCodeSection EnterUserCode() => Sender.IsReadingThread ? _role!.EnterUserCode() : default;

    /// <summary>Sends a ping, unless the peer does not know pings.</summary>
    /// <param name="interval">The interval that the ping announces.</param>
    /// <returns>False if the peer does not know pings, so that its silence proves nothing.</returns>
    internal virtual bool TryPing(TimeSpan interval) => false;

    /// <summary>Called on the sending thread after the transport has accepted bytes.</summary>
    internal virtual void OnSent() { }

    /// <inheritdoc cref="IFrameSenderOwner.AcceptsLimited"/>
    protected virtual bool AcceptsLimited(int heldBack) => true;

    /// <inheritdoc/>
    bool IFrameSenderOwner.AcceptsLimited(int heldBack) => AcceptsLimited(heldBack);

    /// <inheritdoc/>
    void IFrameSenderOwner.OnSent() => OnSent();

    /// <inheritdoc/>
    void IFrameSenderOwner.OnSendingEnded(DisconnectReason reason) => Close(reason);

    /// <inheritdoc/>
    bool IReader.CanReadOn
    {
        get
        {
            try
            {
                return !_waitsForBytes || _transport!.Poll(TimeSpan.Zero);
            }
            catch (Exception exception) when (_transport!.Explain(exception) is not null)
            {
                // The connection is ending, which the loop reports.
                return true;
            }
        }
    }

    /// <inheritdoc/>
    void IReader.OnBlocked()
    {
        Sender.LeaveReading();
        Volatile.Write(ref _isDelivering, 0);
        OnRelieved();
    }

    /// <inheritdoc/>
    void IReader.ReadOn() => ReaderThreads.Run(() => _ = RunAsync(_transport!));

    /// <inheritdoc/>
    void IReader.SendOverdue() => Sender.SendOverdue();

    /// <summary>Called for every frame on the reading thread, one at a time.</summary>
    protected abstract void OnFrame(in Frame frame);

    /// <summary>
    /// Called when user code blocks the thread that handles a frame, before another thread reads on, and before that user code returns. Runs no user code.
    /// </summary>
    protected virtual void OnRelieved() { }

    /// <summary>Called once when the connection is closed, on the thread that closes it.</summary>
    protected virtual void OnClosing() { }

    /// <summary>Completes when the end of a connection that the peer has closed may be reported.</summary>
    protected virtual Task WhenHandledAsync() => Task.CompletedTask;

    /// <summary>Returns the reason that is reported for the end of the connection.</summary>
    protected virtual DisconnectReason Explain(DisconnectReason reason) => reason;

    /// <summary>
    /// Called once when an established connection has ended, before <see cref="Disconnected"/>, even if it was disposed. No frame follows, but
    /// the handling of one may not have ended yet.
    /// </summary>
    /// <param name="reason">The reason.</param>
    /// <param name="unsent">The frames that were waiting for room.</param>
    protected abstract void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent);

    /// <summary>Starts a loop on the thread pool, without the caller's execution context.</summary>
    private static void Begin(Action loop) => ThreadPool.UnsafeQueueUserWorkItem(static loop => loop(), loop, preferLocal: false);

    private async Task ConnectAsync(IpcConnector connector)
    {
        var cancellation = new CancellationTokenSource();
        lock (_lock)
        {
            AssertInvariants();
            if (_closing is not null)
            {
                return;
            }

            _connecting = cancellation;
        }

        IpcTransport transport;
        try
        {
            transport = await connector.ConnectAsync(cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Connected.Emit(new ConnectOutcome(connector.DescribeFailure(exception, _settings.WillRetry)));
            return;
        }

        // Before the first frame can arrive, so that it is the first event of the connection.
        bool isOpen = TryAdopt(transport);
        Connected.Emit(new ConnectOutcome(isOpen ? null : _closing));
        if (isOpen)
        {
            await RunAsync(transport).ConfigureAwait(false);
        }
    }

    private bool TryAdopt(IpcTransport transport)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_closing is null)
            {
                _transport = transport;
                _connecting = null;
                return true;
            }
        }

        transport.Dispose();
        return false;
    }

    private async Task RunAsync(IpcTransport transport)
    {
        var role = new ReadingRole(this);
        _role = role;
        BlockedReaders.Add(role);
        DisconnectReason? reason;
        try
        {
            Sender.Start(transport);
            KeepAlive.Start(transport);
            reason = await ReceiveAsync(transport, role).ConfigureAwait(false);
        }
        catch (Exception exception) when (transport.Explain(exception) is { } expected)
        {
            reason = expected;
        }
        catch (Exception exception)
        {
            IpcLog.HandlerFailed(Log, exception);
            reason = new DisconnectReason(DisconnectCause.ProtocolError, $"Handling a frame failed: {PeerText.Clean(exception.Message)}", exception);
        }

        BlockedReaders.Remove(role);
        if (reason is { Cause: DisconnectCause.ClosedByPeer } && !role.IsRelieved)
        {
            await WhenHandledAsync().ConfigureAwait(false);
        }

        if (reason is not null)
        {
            Close(reason);
        }

        if (!role.IsRelieved)
        {
            _received.Release();
            End();
        }
    }

    /// <summary>Reports the end of the connection, once.</summary>
    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        KeepAlive.Dispose();
        DisconnectReason reason = Explain(_closing!);
        IReadOnlyList<IQueuedFrame> unsent = Sender.Close();
        IpcLog.ConnectionEnded(Log, reason);
        Log.Flush();
        OnClosed(reason, unsent);
        Disconnected.Emit(reason);
    }

    /// <summary>Reads and delivers frames. Returns the reason for the end, or null if another loop has taken the place of this one.</summary>
    private async ValueTask<DisconnectReason?> ReceiveAsync(IpcTransport transport, ReadingRole role)
    {
        int count = 0;
        _turn.Begin();
        while (true)
        {
            // First of all the frames that a loop whose place this one takes has left.
            do
            {
                if (!DeliverFrames(role))
                {
                    return new DisconnectReason(
                        DisconnectCause.ProtocolError,
                        $"The peer sent a frame that exceeds the limit of {_settings.MaxFrameSize} bytes, or data that is not a frame."
                    );
                }

                if (role.IsRelieved)
                {
                    return null;
                }

                // A peer that always has data to read must not keep the thread from other peers.
                if (!ReaderThreads.IsCurrent && _turn.IsOver())
                {
                    _waitsForBytes = false;
                    role.BeginWaiting();
                    await new PoolTurn();
                    if (!role.TryEndWaiting())
                    {
                        return null;
                    }

                    _turn.Begin();
                }

                if (Volatile.Read(ref _pause) is { } pause)
                {
                    await WaitForResumeAsync(transport, pause.Task).ConfigureAwait(false);
                    _turn.Begin();
                }
            } while (!IsClosed && _received.HasCompleteFrame);

            // Costs a system call, so only where it can save some.
            int ready = count switch
            {
                0 => 0,
                >= ReceiveBuffer.OwnSize => transport.Available,
                _ => _spin.WaitForBytes(transport),
            };
            if (!TryReceiveHere(transport, ready, out count))
            {
                if (ready == 0 && transport.CanPoll)
                {
                    // An idle connection keeps no large buffer.
                    _ = _received.GetFree(ready);

                    // Consumes nothing, so that another loop can take the place of this one if no thread of the pool comes.
                    ValueTask<int> waiting = transport.WaitForBytesAsync();
                    if (waiting.IsCompleted)
                    {
                        _ = waiting.GetAwaiter().GetResult();
                    }
                    else
                    {
                        _waitsForBytes = true;
                        role.BeginWaiting();
                        try
                        {
                            _ = await waiting.ConfigureAwait(false);
                        }
                        catch (Exception) when (!role.TryEndWaiting())
                        {
                            return null;
                        }

                        if (!role.TryEndWaiting())
                        {
                            return null;
                        }

                        _turn.Begin();
                    }
                }

                ValueTask<int> receiving = transport.ReceiveAsync(_received.GetFree(ready));
                bool keepsThread = receiving.IsCompleted;
                count = await receiving.ConfigureAwait(false);
                if (!keepsThread)
                {
                    _turn.Begin();
                }
            }

            if (count == 0)
            {
                return new DisconnectReason(DisconnectCause.ClosedByPeer, "The peer closed the connection.");
            }

            Volatile.Write(ref _receivedBytes, _receivedBytes + count);
            _received.Advance(count);
        }
    }

    /// <summary>
    /// Receives bytes on a thread of the library, and blocks it until there are some, as long as user code blocks other threads: this connection then needs
    /// no thread of the pool. Returns false on other threads, and when no user code blocks any more.
    /// </summary>
    private bool TryReceiveHere(IpcTransport transport, int ready, out int count)
    {
        while (ReaderThreads.IsCurrent && transport.CanPoll && BlockedReaders.HasBlocked && !IsClosed)
        {
            Memory<byte> free = _received.GetFree(ready);
            if (transport.Poll(PollPeriod) && transport.TryReceive(free, out count))
            {
                return true;
            }
        }

        count = 0;
        return false;
    }

    /// <summary>Waits while reading is paused. Data that the peer sends stays in the transport, but its disconnect is detected.</summary>
    private async ValueTask WaitForResumeAsync(IpcTransport transport, Task resumed)
    {
        if (resumed.IsCompleted)
        {
            return;
        }

        using (transport.WatchHangup(OnHangup))
        {
            await resumed.ConfigureAwait(false);
        }
    }

    /// <summary>Handles a peer that has disconnected while reading was paused.</summary>
    private void OnHangup(bool isBroken)
    {
        if (!DrainsAfterHangup)
        {
            Close(
                isBroken
                    ? new DisconnectReason(DisconnectCause.ConnectionLost, "The connection was lost.")
                    : new DisconnectReason(DisconnectCause.ClosedByPeer, "The peer closed the connection.")
            );
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            _isDraining = true;
        }

        ResumeReading();
    }

    /// <summary>
    /// Delivers the received frames until the turn of this connection is over, or this thread has been relieved. Returns false if data was received
    /// that is not a frame.
    /// </summary>
    private bool DeliverFrames(ReadingRole role)
    {
        Sender.BeginReading();
        try
        {
            while (Volatile.Read(ref _pause) is null && !IsClosed)
            {
                FrameReadResult result = _received.TryReadFrame(out ReadOnlySpan<byte> payload);
                if (result != FrameReadResult.Frame)
                {
                    return result == FrameReadResult.NeedMore;
                }

                Sender.OnDelivering(_received.HasCompleteFrame);
                Deliver(payload, role);
                if (role.IsRelieved || _turn.IsOverAfterFrame())
                {
                    return true;
                }
            }

            return true;
        }
        finally
        {
            if (!role.IsRelieved)
            {
                Sender.EndReading();
            }
        }
    }

    private void Deliver(ReadOnlySpan<byte> payload, ReadingRole role)
    {
        if (Frame.TryParse(payload, out Frame frame))
        {
            Volatile.Write(ref _isDelivering, 1);
            try
            {
                // Checked again, now that EndIfDelivering can see the frame.
                if (!IsClosed)
                {
                    OnFrame(frame);
                }
            }
            finally
            {
                if (!role.IsRelieved)
                {
                    Volatile.Write(ref _isDelivering, 0);
                }
            }
        }
        else
        {
            IpcLog.FrameDropped(Log, payload.Length, Interlocked.Increment(ref _droppedFrames));
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_closing is null || _pause is null || !_pause.Task.IsCompleted, "A closed connection is not paused for good.");
        Debug.Assert(_connecting is null || _transport is null, "An established connection is no longer being attempted.");
    }
}
