using System.Diagnostics;
using System.Net.Sockets;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Sockets;

/// <summary>
/// One socket, from the attempt to connect it until its end, with the frames that go over it in both directions. Its connect and its
/// disconnect are signals; its frames are handed to the derived class on the thread that read them.
/// </summary>
/// <remarks>
/// The receive loop is the only place where frames come from, and the end comes from there too, so nothing can follow the end (K2), unless a
/// frame's handler blocks: <see cref="EndIfDelivering"/> then tells of the end, and the loop delivers nothing after that handler. Whatever ends
/// the connection, from any thread, does so by <see cref="Close"/>, of which the first call counts.
/// </remarks>
internal abstract class IpcConnection : IDisposable
{
    private readonly IpcConnectionSettings _settings;
    private readonly ReceiveBuffer _received;
    private readonly Lock _lock = new();

    /// <summary>Used by the receive loop alone.</summary>
    private readonly ReceiveSpin _spin = new();

    private Socket? _socket;

    /// <summary>Why the connection is to end, or null while it is not.</summary>
    private DisconnectReason? _closing;

    /// <summary>Completed when reading is to go on, or null while it is not paused.</summary>
    private TaskCompletionSource? _pause;

    /// <summary>1 while the derived class handles a frame, which may run user code.</summary>
    private int _isDelivering;

    /// <summary>1 once the end of the connection is being told.</summary>
    private int _hasEnded;

    /// <summary>Indicates whether the peer has gone while reading was paused, so that it is not paused any more.</summary>
    private bool _isDraining;

    /// <summary>Used by the receive loop alone.</summary>
    private ReceiveTurn _turn;

    private long _droppedFrames;

    /// <summary>Makes a connection that is not connected yet.</summary>
    /// <param name="settings">Limits, time and log.</param>
    /// <param name="peer">The peer's name in the log.</param>
    protected IpcConnection(IpcConnectionSettings settings, string peer = "The peer")
    {
        _settings = settings;
        Log = new LimitedLogger(settings.Logger, settings.TimeProvider, peer, LimitedLogger.LinesOfConnection);
        _received = new ReceiveBuffer(settings.MaxFrameSize);
        Sender = new FrameSender(this, settings);
    }

    /// <summary>Raised once for an attempt to connect, with its outcome, on a thread of the pool and never from inside <see cref="Connect"/>.</summary>
    internal Signal<ConnectOutcome> Connected { get; } = new();

    /// <summary>Raised once when an established connection has ended, after everything else; never when it was disposed.</summary>
    internal Signal<DisconnectReason> Disconnected { get; } = new();

    internal FrameSender Sender { get; }

    /// <summary>How many frames were dropped because they could not be parsed.</summary>
    internal long DroppedFrameCount => Volatile.Read(ref _droppedFrames);

    /// <summary>How much memory the receiving side holds.</summary>
    internal int ReceiveCapacity => _received.Capacity;

    /// <summary>Whether the connection is about to end or has ended.</summary>
    internal bool IsClosed => Volatile.Read(ref _closing) is not null;

    /// <summary>Gets the log of this connection, in which a peer can repeat a line a few times only.</summary>
    protected LimitedLogger Log { get; }

    /// <summary>
    /// Gets whether what a peer sent before it went is still delivered if reading is paused then, without regard to the pause. It is no more than
    /// what a socket's buffer holds.
    /// </summary>
    protected virtual bool DrainsAfterHangup => false;

    /// <summary>Indicates whether what the peer sends is left in the socket.</summary>
    internal bool IsReadingPaused => Volatile.Read(ref _pause) is not null;

    /// <summary>Begins to connect. What comes of it is told by the signals.</summary>
    internal void Connect(IpcEndpoint endpoint) => Begin(() => _ = ConnectAsync(endpoint));

    /// <summary>Begins to read from a socket that is connected already.</summary>
    /// <returns>False if the connection has been closed before: then nothing is raised, and the socket is disposed.</returns>
    internal bool Start(Socket socket)
    {
        if (!TryAdopt(socket))
        {
            return false;
        }

        Begin(() => _ = RunAsync(socket));
        return true;
    }

    /// <summary>Ends the connection. The first reason counts.</summary>
    internal void Close(DisconnectReason reason)
    {
        Socket? socket;
        lock (_lock)
        {
            if (_closing is not null)
            {
                return;
            }

            _closing = reason;
            socket = _socket;
        }

        ResumeReading();

        // Wakes the receive loop, which sees to the rest.
        socket?.Dispose();
    }

    /// <summary>Leaves what the peer sends in the socket until <see cref="ResumeReading"/>.</summary>
    internal void PauseReading()
    {
        lock (_lock)
        {
            if (_closing is null && !_isDraining)
            {
                _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Goes on reading.</summary>
    internal void ResumeReading()
    {
        TaskCompletionSource? pause;
        lock (_lock)
        {
            pause = _pause;
            _pause = null;
        }

        pause?.TrySetResult();
    }

    /// <summary>Ends the connection without raising anything.</summary>
    public void Dispose()
    {
        Dispose(new DisconnectReason(DisconnectCause.ClosedLocally, "The connection was closed on this side."));
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection without raising anything, for a reason that its calls are told.</summary>
    internal void Dispose(DisconnectReason reason)
    {
        Connected.Dispose();
        Disconnected.Dispose();
        Close(reason);
    }

    /// <summary>
    /// Tells of the end of a closed connection on this thread if a frame is being handled: its handler may block for ever, and the receive loop
    /// with it. Otherwise the receive loop does so, at once.
    /// </summary>
    internal void EndIfDelivering()
    {
        Debug.Assert(IsClosed, "Only a closed connection delivers nothing further.");

        // Pairs with Deliver, which spares itself a barrier: either this sees the frame, or Deliver sees that the connection is closed.
        Interlocked.MemoryBarrierProcessWide();
        if (Volatile.Read(ref _isDelivering) != 0)
        {
            End();
        }
    }

    /// <summary>Called after something has been sent, on the sending thread.</summary>
    internal virtual void OnSent() { }

    /// <summary>Called for every frame, on the reading thread, one at a time.</summary>
    protected abstract void OnFrame(in Frame frame);

    /// <summary>
    /// Called once when an established connection has ended, before <see cref="Disconnected"/>, also when it was disposed. No frame follows, but
    /// one may still be being handled.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <param name="unsent">Frames that were waiting for room.</param>
    protected abstract void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent);

    /// <summary>Starts a loop on the thread pool, without what flows with the caller's context.</summary>
    private static void Begin(Action loop) => ThreadPool.UnsafeQueueUserWorkItem(static loop => loop(), loop, preferLocal: false);

    private async Task ConnectAsync(IpcEndpoint endpoint)
    {
        Socket? socket = null;
        try
        {
            socket = endpoint.CreateSocket();
            if (!TryAdopt(socket))
            {
                return;
            }

            await socket.ConnectAsync(endpoint.ToEndPoint()).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            socket?.Dispose();
            Connected.Emit(new ConnectOutcome(SocketFailures.DescribeConnect(endpoint, exception)));
            return;
        }

        // Before the first frame can come, so that it is the first thing that is heard of the connection.
        Connected.Emit(new ConnectOutcome(null));
        await RunAsync(socket).ConfigureAwait(false);
    }

    private bool TryAdopt(Socket socket)
    {
        lock (_lock)
        {
            if (_closing is null)
            {
                _socket = socket;
                return true;
            }
        }

        socket.Dispose();
        return false;
    }

    private async Task RunAsync(Socket socket)
    {
        DisconnectReason reason;
        try
        {
            Sender.Start(socket);
            reason = await ReceiveAsync(socket).ConfigureAwait(false);
        }
        catch (Exception exception) when (SocketFailures.IsExpected(exception))
        {
            reason = SocketFailures.Describe(exception);
        }
        catch (Exception exception)
        {
            IpcLog.HandlerFailed(Log, exception);
            reason = new DisconnectReason(DisconnectCause.ProtocolError, $"Handling a frame failed: {PeerText.Clean(exception.Message)}", exception);
        }

        Close(reason);
        _received.Release();
        End();
    }

    /// <summary>Reports the end, once.</summary>
    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
        {
            return;
        }

        DisconnectReason reason = _closing!;
        IReadOnlyList<IQueuedFrame> unsent = Sender.Close();
        IpcLog.ConnectionEnded(Log, reason);
        Log.Flush();
        OnClosed(reason, unsent);
        Disconnected.Emit(reason);
    }

    private async ValueTask<DisconnectReason> ReceiveAsync(Socket socket)
    {
        int ready = 0;
        _turn.Begin();
        while (true)
        {
            ValueTask<int> receiving = socket.ReceiveAsync(_received.GetFree(ready), SocketFlags.None);
            bool keepsThread = receiving.IsCompleted;
            int count = await receiving.ConfigureAwait(false);
            if (!keepsThread)
            {
                _turn.Begin();
            }

            if (count == 0)
            {
                return new DisconnectReason(DisconnectCause.ClosedByPeer, "The peer closed the connection.");
            }

            _received.Advance(count);
            while (true)
            {
                if (!DeliverFrames())
                {
                    return new DisconnectReason(
                        DisconnectCause.ProtocolError,
                        $"The peer sent a frame over the limit of {_settings.MaxFrameSize} bytes, or something else than frames."
                    );
                }

                // One peer that always has something to read must not keep the thread from the others.
                if (_turn.IsOver())
                {
                    await new PoolTurn();
                    _turn.Begin();
                }

                if (Volatile.Read(ref _pause) is { } pause)
                {
                    await WaitForResumeAsync(socket, pause.Task).ConfigureAwait(false);
                    _turn.Begin();
                }
                else if (IsClosed || !_received.HasCompleteFrame)
                {
                    break;
                }
            }

            // Asking costs a system call, so only where it can save some.
            ready = count >= ReceiveBuffer.OwnSize ? socket.Available : _spin.WaitForBytes(socket);
        }
    }

    /// <summary>Waits while reading is paused. What the peer sends meanwhile stays in the socket, but its end is noticed.</summary>
    private async ValueTask WaitForResumeAsync(Socket socket, Task resumed)
    {
        if (resumed.IsCompleted)
        {
            return;
        }

        using (HangupWatch.Watch(socket, OnHangup))
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
                    ? new DisconnectReason(DisconnectCause.ConnectionLost, "The connection broke.")
                    : new DisconnectReason(DisconnectCause.ClosedByPeer, "The peer closed the connection.")
            );
            return;
        }

        lock (_lock)
        {
            _isDraining = true;
        }

        ResumeReading();
    }

    /// <summary>Hands over the frames that are there, until others' turn has come. Returns false if something came that is no frame.</summary>
    private bool DeliverFrames()
    {
        FrameSender? outer = Sender.BeginReading();
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
                Deliver(payload);
                if (_turn.IsOverAfterFrame())
                {
                    return true;
                }
            }

            return true;
        }
        finally
        {
            Sender.EndReading(outer);
        }
    }

    private void Deliver(ReadOnlySpan<byte> payload)
    {
        if (Frame.TryParse(payload, out Frame frame))
        {
            Volatile.Write(ref _isDelivering, 1);
            try
            {
                // Again, now that EndIfDelivering can see the frame.
                if (!IsClosed)
                {
                    OnFrame(frame);
                }
            }
            finally
            {
                Volatile.Write(ref _isDelivering, 0);
            }
        }
        else
        {
            IpcLog.FrameDropped(Log, payload.Length, Interlocked.Increment(ref _droppedFrames));
        }
    }
}
