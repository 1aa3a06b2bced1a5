using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>A connected UNIX or TCP socket.</summary>
/// <param name="socket">The socket, which is disposed with the transport.</param>
internal sealed class SocketTransport(Socket socket) : IpcTransport
{
    /// <summary>Gets the socket, for tests of its settings.</summary>
    internal Socket Socket => socket;

    /// <inheritdoc/>
    internal override PeerIdentity? IdentifyPeer() => PeerCredentials.Of(socket);

    /// <summary>Gets a value that indicates whether this is TCP: the peer of a UNIX socket is known to the kernel.</summary>
    internal override bool AcceptsClaimedIdentity => socket.AddressFamily != AddressFamily.Unix;

    /// <inheritdoc/>
    internal override int Available => socket.Available;

    /// <inheritdoc/>
    internal override bool CanWatchHangup => HangupWatch.IsSupported;

    /// <inheritdoc/>
    internal override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    /// <inheritdoc/>
    internal override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes, SocketFlags.None);

    /// <inheritdoc/>
    internal override long MarkSendProgress() => SendProgress.Mark(socket);

    /// <inheritdoc/>
    internal override bool HasSendRoom => SendProgress.HasRoom(socket);

    /// <inheritdoc/>
    internal override IDisposable? WatchHangup(Action<bool> onHangup) => HangupWatch.Watch(socket, onHangup);

    /// <inheritdoc/>
    internal override DisconnectReason? Explain(Exception exception) =>
        exception is SocketException
            ? new DisconnectReason(DisconnectCause.ConnectionLost, $"The connection broke: {exception.Message}.", exception)
            : base.Explain(exception);

    /// <inheritdoc/>
    public override void Dispose() => socket.Dispose();
}
