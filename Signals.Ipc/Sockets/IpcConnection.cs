using System.Net.Sockets;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Sockets;

/// <summary>
/// One socket, from the attempt to connect it until its end, with the frames that go over it in both directions. Its connect and its
/// disconnect are signals; its frames are handed to the derived class on the thread that read them.
/// </summary>
/// <remarks>
/// The receive loop is the only place where frames and the end come from, so nothing can follow the end (K2). Whatever ends the connection,
/// from any thread, does so by <see cref="Close"/>, of which the first call counts.
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

    private long _droppedFrames;

    /// <summary>Makes a connection that is not connected yet.</summary>
    protected IpcConnection(IpcConnectionSettings settings)
    {
        _settings = settings;
        _received = new ReceiveBuffer(settings.MaxFrameSize);
        Sender = new FrameSender(this, settings);
    }

    /// <summary>Raised once for an attempt to connect, with its outcome, on a thread of the pool and never from inside <see cref="Connect"/>.</summary>
    internal Signal<ConnectOutcome> Connected { get; } = new();

    /// <summary>Raised once when an established connection has ended, after everything else; never when it was disposed.</summary>
    internal Signal<DisconnectReason> Disconnected { get; } = new();

    internal FrameSender Sender { get; }

    /// <summary>How many frames were dropped because they could not be parsed.</summary>
    internal long DroppedFrames => Volatile.Read(ref _droppedFrames);

    /// <summary>How much memory the receiving side holds.</summary>
    internal int ReceiveCapacity => _received.Capacity;

    /// <summary>Whether the connection is about to end or has ended.</summary>
    internal bool IsClosed => Volatile.Read(ref _closing) is not null;

    /// <summary>Whether what the peer sends is left in the socket.</summary>
    protected bool IsReadingPaused => Volatile.Read(ref _pause) is not null;

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
            if (_closing is null)
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
        Dispose(new DisconnectReason(DisconnectCause.ClosedHere, "The connection was closed on this side."));
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection without raising anything, for a reason that its calls are told.</summary>
    internal void Dispose(DisconnectReason reason)
    {
        Connected.Dispose();
        Disconnected.Dispose();
        Close(reason);
    }

    /// <summary>Called after something has been sent, on the sending thread.</summary>
    internal virtual void OnSent() { }

    /// <summary>Called for every frame, on the reading thread, one at a time.</summary>
    protected abstract void OnFrame(in Frame frame);

    /// <summary>
    /// Called once when an established connection has ended, before <see cref="Disconnected"/>, also when it was disposed. No frame follows.
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
            IpcLog.HandlerFailed(_settings.Logger, exception);
            reason = new DisconnectReason(DisconnectCause.ProtocolError, $"Handling a frame failed: {exception.Message}", exception);
        }

        Close(reason);
        reason = _closing!;
        _received.Release();
        IReadOnlyList<IQueuedFrame> unsent = Sender.Close();
        IpcLog.ConnectionEnded(_settings.Logger, reason);
        OnClosed(reason, unsent);
        Disconnected.Emit(reason);
    }

    private async ValueTask<DisconnectReason> ReceiveAsync(Socket socket)
    {
        int ready = 0;
        while (true)
        {
            int count = await socket.ReceiveAsync(_received.GetFree(ready), SocketFlags.None).ConfigureAwait(false);
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

                if (Volatile.Read(ref _pause) is { } pause)
                {
                    await pause.Task.ConfigureAwait(false);
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

    /// <summary>Hands over the frames that are there. Returns false if something came that is no frame.</summary>
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
            OnFrame(frame);
        }
        else
        {
            IpcLog.FrameDropped(_settings.Logger, payload.Length, Interlocked.Increment(ref _droppedFrames));
        }
    }
}
