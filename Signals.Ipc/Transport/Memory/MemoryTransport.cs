using Signals.Ipc.Transport.Sockets;

namespace Signals.Ipc.Transport.Memory;

/// <summary>One end of a connection in memory, whose peer is in this process.</summary>
internal sealed class MemoryTransport : IpcTransport
{
    /// <summary>The number of unread bytes, in each direction, at which the sender waits.</summary>
    internal const int DefaultCapacity = 64 * 1024;

    private static readonly PeerIdentity ThisProcess = new()
    {
        ProcessId = Environment.ProcessId,
        UserId = OperatingSystem.IsWindows() ? null : SystemCalls.EffectiveUserId(),
        GroupId = OperatingSystem.IsWindows() ? null : SystemCalls.EffectiveGroupId(),
    };

    private readonly MemoryPipe _incoming;
    private readonly MemoryPipe _outgoing;

    private MemoryTransport(MemoryPipe incoming, MemoryPipe outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <summary>Returns the identity of this process, in which the peer is.</summary>
    public override ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken) => new(ThisProcess);

    /// <inheritdoc/>
    internal override bool IsLocal => true;

    /// <inheritdoc/>
    internal override bool AcceptsClaimedIdentity => false;

    /// <inheritdoc/>
    internal override int Available => _incoming.Available;

    /// <inheritdoc/>
    internal override bool CanWatchHangup => true;

    /// <summary>Creates the two ends of a connection.</summary>
    internal static (MemoryTransport Client, MemoryTransport Host) CreatePair(int capacity = DefaultCapacity)
    {
        var requests = new MemoryPipe(capacity);
        var replies = new MemoryPipe(capacity);
        return (new MemoryTransport(replies, requests), new MemoryTransport(requests, replies));
    }

    /// <inheritdoc/>
    internal override bool CanPoll => true;

    /// <inheritdoc/>
    internal override ValueTask<int> WaitForBytesAsync() => _incoming.WaitAsync();

    /// <inheritdoc/>
    internal override bool Poll(TimeSpan timeout) => _incoming.Poll(timeout);

    /// <inheritdoc/>
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _incoming.ReadAsync(buffer);

    /// <inheritdoc/>
    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _outgoing.WriteAsync(bytes);

    /// <inheritdoc/>
    internal override long MarkSendProgress() => _outgoing.ReadCount;

    /// <inheritdoc/>
    internal override bool HasSendRoom => _outgoing.HasRoom;

    /// <inheritdoc/>
    internal override IDisposable? WatchHangup(Action<bool> onHangup) => _incoming.WatchWriter(onHangup);

    /// <inheritdoc/>
    public override DisconnectReason? Explain(Exception exception) =>
        exception is IOException
            ? new DisconnectReason(DisconnectCause.ClosedByPeer, "The peer closed the connection.", exception)
            : base.Explain(exception);

    /// <inheritdoc/>
    public override void Dispose()
    {
        // In this order, so that the peer finds the end of the bytes rather than that it cannot send.
        _outgoing.CloseWriter();
        _incoming.CloseReader();
    }
}
