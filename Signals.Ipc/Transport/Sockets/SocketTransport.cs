using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>A connected UNIX or TCP socket.</summary>
/// <param name="socket">The socket, which is disposed with the transport.</param>
internal sealed class SocketTransport(Socket socket) : IpcTransport
{
    /// <summary>Gets the socket, for tests of its settings.</summary>
    internal Socket Socket => socket;

    private bool IsTcp => socket.AddressFamily != AddressFamily.Unix;

    /// <inheritdoc/>
    public override ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken) => new(PeerCredentials.Of(socket));

    /// <summary>Gets a value that indicates whether this is TCP: the peer of a UNIX socket is known to the kernel.</summary>
    internal override bool AcceptsClaimedIdentity => IsTcp;

    /// <inheritdoc/>
    internal override int Available => socket.Available;

    /// <inheritdoc/>
    internal override bool CanWatchHangup => HangupWatch.IsSupported;

    /// <inheritdoc/>
    internal override bool CanPoll => OperatingSystem.IsLinux();

    /// <inheritdoc/>
    internal override ValueTask<int> WaitForBytesAsync() => socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);

    /// <inheritdoc/>
    internal override bool Poll(TimeSpan timeout) => socket.Poll(timeout, SelectMode.SelectRead);

    /// <inheritdoc/>
    internal override bool TryReceive(Memory<byte> buffer, out int count)
    {
        // The runtime would queue a receive behind the wait that is pending, which needs a thread of the pool.
        count = OperatingSystem.IsLinux()
            ? (int)SystemCalls.Receive(socket.SafeHandle, buffer.Span, (nuint)buffer.Length, SystemCalls.DontWait)
            : throw new NotSupportedException();
        if (count >= 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is SystemError.WouldBlock or SystemError.Interrupted
            ? false
            : throw new SocketException((int)SocketError.ConnectionReset);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    /// <inheritdoc/>
    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes, SocketFlags.None);

    /// <inheritdoc/>
    internal override long MarkSendProgress() => SendProgress.Mark(socket);

    /// <inheritdoc/>
    internal override bool HasSendRoom => SendProgress.HasRoom(socket);

    /// <inheritdoc/>
    internal override bool IsLocal => !IsTcp;

    /// <summary>Gets the interval of TCP, where a machine can vanish without closing its connections; infinite on UNIX sockets.</summary>
    internal override TimeSpan DefaultKeepAlive => IsTcp ? TcpSettings.KeepAlive : Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    internal override void SetKeepAlive(TimeSpan interval)
    {
        if (!IsTcp)
        {
            return;
        }

        try
        {
            TcpSettings.SetKeepAlive(socket, interval);
        }
        catch (Exception exception) when (SocketFailures.IsExpected(exception))
        {
            // The connection is ending, which the next receive reports.
        }
    }

    /// <inheritdoc/>
    internal override IDisposable? WatchHangup(Action<bool> onHangup) => HangupWatch.Watch(socket, onHangup);

    /// <inheritdoc/>
    public override DisconnectReason? Explain(Exception exception) =>
        exception is SocketException { SocketErrorCode: SocketError.Shutdown } && !IsTcp
            ? new DisconnectReason(DisconnectCause.ClosedByPeer, "The peer closed the connection.", exception)
        : exception is SocketException ? new DisconnectReason(DisconnectCause.ConnectionLost, $"The connection broke: {exception.Message}.", exception)
        : base.Explain(exception);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (OperatingSystem.IsLinux() && !IsTcp)
        {
            DiscardUnread();
        }

        socket.Dispose();
    }

    /// <summary>
    /// Discards the bytes that the peer has sent. If a UNIX socket is closed with unread bytes, the system tells the peer that the connection was reset, as
    /// if this process had crashed.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private void DiscardUnread()
    {
        try
        {
            if (socket.Available == 0)
            {
                return;
            }

            // First, so that the peer can send no more.
            socket.Shutdown(SocketShutdown.Both);
            Span<byte> buffer = stackalloc byte[4096];
            while (SystemCalls.Receive(socket.SafeHandle, buffer, (nuint)buffer.Length, SystemCalls.DontWait) > 0) { }
        }
        catch (Exception exception) when (SocketFailures.IsExpected(exception))
        {
            // The connection has ended already.
        }
    }
}
