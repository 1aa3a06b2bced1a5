using Signals.Ipc;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Threading;
using Signals.Ipc.Transport;

namespace Signals.Tests.Support;

/// <summary>The socket layer alone: a connection that counts its frames and passes them to a test.</summary>
internal sealed class RecordingConnection(IpcConnectionSettings? settings = null) : IpcConnection(settings ?? new IpcConnectionSettings(), new SpinGroup())
{
    private readonly TaskCompletionSource<IReadOnlyList<IQueuedFrame>> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _frames;

    /// <summary>Done with the next frame, before it counts.</summary>
    internal Action? OnNextFrame { get; set; }

    internal int Frames => Volatile.Read(ref _frames);

    internal int Closed { get; private set; }

    /// <summary>Ends with the connection; gives the frames that were still waiting for room.</summary>
    internal Task<IReadOnlyList<IQueuedFrame>> Ended => _ended.Task;

    /// <summary>Gets a value that indicates whether the frames that came before the peer went are delivered although reading is paused.</summary>
    internal bool Drains { get; init; }

    internal void Connect(IpcEndpoint endpoint) => Connect(Transports.ConnectorOf(endpoint));

    protected override bool DrainsAfterHangup => Drains;

    protected override void OnFrame(in Frame frame)
    {
        Action? action = OnNextFrame;
        OnNextFrame = null;
        action?.Invoke();
        Interlocked.Increment(ref _frames);
    }

    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        Closed++;
        _ended.TrySetResult(unsent);
    }
}
