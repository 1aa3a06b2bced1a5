using System.Net.Sockets;
using Signals.Ipc.Transport.Custom;

namespace Signals.Ipc.Transport;

/// <summary>
/// Represents an established stream of bytes between two peers. Derive a class to use a stream that the library does not know, or wrap a
/// <see cref="Stream"/> with <see cref="FromStream"/>; an <see cref="IpcConnector"/> and an <see cref="IpcListener"/> create the objects.
/// </summary>
/// <remarks>
/// <para>One receive and one send may be pending at the same time, but never two of one kind. All other members may be called at any time by any
/// thread.</para>
/// <para>A class of a user is called on the thread pool and with buffers of its own, so that it cannot harm other connections: one that blocks occupies a
/// thread of the pool, and one that throws ends its connection. This costs a copy and a thread switch for each receive and each send.</para>
/// </remarks>
public abstract class IpcTransport : IDisposable
{
    /// <summary>Initializes a new instance of the <see cref="IpcTransport"/> class.</summary>
    protected IpcTransport() { }

    /// <summary>
    /// Gets a value that indicates whether a host accepts the identity that a client claims in a frame if <see cref="IdentifyPeerAsync"/> returns null.
    /// Not over a transport that can know it better, even if it does not on this system.
    /// </summary>
    internal virtual bool AcceptsClaimedIdentity => true;

    /// <summary>Gets the number of bytes that can be received at once. Polled by the receive loop, so it must be cheap. May be too low.</summary>
    /// <exception cref="ObjectDisposedException">The transport has been disposed.</exception>
    internal virtual int Available => 0;

    /// <summary>
    /// Gets a value that indicates whether <see cref="WatchHangup"/> detects that the peer has disconnected. If not, only sending detects it while
    /// nothing is received.
    /// </summary>
    internal virtual bool CanWatchHangup => false;

    /// <summary>
    /// Gets a value that indicates whether <see cref="WaitForBytesAsync"/> and <see cref="Poll"/> are supported. If not, a connection that waits for bytes
    /// while user code blocks all threads of the pool waits until the pool has another one.
    /// </summary>
    internal virtual bool CanPoll => false;

    /// <summary>
    /// Gets a value that indicates whether a pending send waits for a thread of this process rather than for the peer: there is room for it, but it has
    /// not continued. False if the transport cannot tell.
    /// </summary>
    internal virtual bool HasSendRoom => false;

    /// <summary>Gets a value that indicates whether the peer is certainly on this machine: the transport is a UNIX socket, or within the process.</summary>
    internal virtual bool IsLocal => false;

    /// <summary>
    /// Gets the interval at which a silent peer is pinged by default. Infinite, for no pings, if the system reports the end of the peer's process in any case.
    /// </summary>
    internal virtual TimeSpan DefaultKeepAlive => Timeout.InfiniteTimeSpan;

    /// <summary>Creates a transport over a stream, such as a <see cref="System.Net.Security.SslStream"/> or a pipe.</summary>
    /// <param name="stream">
    /// The stream, which the transport disposes. A read of zero bytes means that the peer has closed its side; disposal must end a pending read and write.
    /// </param>
    /// <param name="peer">The verified identity of the peer, or null if it is not known.</param>
    /// <returns>The transport.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read or written.</exception>
    public static IpcTransport FromStream(Stream stream, PeerIdentity? peer = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream is { CanRead: true, CanWrite: true }
            ? new StreamTransport(stream, peer)
            : throw new ArgumentException("The stream must be readable and writable.", nameof(stream));
    }

    /// <summary>
    /// Authenticates the peer, as far as that is left to do, and returns its identity. Called once by a host, before anything is received or sent, and for many
    /// clients at the same time: the place for a handshake, which must not delay <see cref="IpcListener.AcceptAsync"/>. A failure refuses the client.
    /// By default, returns null.
    /// </summary>
    /// <param name="cancellationToken">A token that is canceled when <see cref="IpcHostOptions.AuthorizeTimeout"/> is over or the host stops.</param>
    /// <returns>The identity that the transport has verified, or null if it cannot verify one: the host then accepts one that the client claims.</returns>
    public virtual ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken) => default;

    /// <summary>Receives bytes.</summary>
    /// <param name="buffer">The memory for the bytes, which is not empty. It must not be used after the returned task has completed.</param>
    /// <returns>The number of bytes; zero if the peer has closed its sending side and all of its bytes have been received.</returns>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends bytes. If the peer reads too slowly, waits until some or all of them are accepted.</summary>
    /// <param name="bytes">The bytes, of which there is at least one. They must not be used after the returned task has completed.</param>
    /// <returns>The number of bytes that have been accepted, which is at least one. Accepting only some of them is not a failure.</returns>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Returns the reason for the end of a connection one of whose operations threw an exception. By default, an <see cref="IOException"/> or a
    /// <see cref="SocketException"/> means that the connection was lost, and an <see cref="ObjectDisposedException"/> or an
    /// <see cref="OperationCanceledException"/> that this side closed it.
    /// </summary>
    /// <param name="exception">The exception that <see cref="ReceiveAsync"/> or <see cref="SendAsync"/> threw.</param>
    /// <returns>The reason, or null if the exception is not one that the transport throws when a connection ends: it is then logged as an error.</returns>
    public virtual DisconnectReason? Explain(Exception exception) =>
        exception switch
        {
            ObjectDisposedException or OperationCanceledException => new DisconnectReason(
                DisconnectCause.ClosedLocally,
                "The connection was closed on this side.",
                exception
            ),
            IOException or SocketException => new DisconnectReason(
                DisconnectCause.ConnectionLost,
                $"The connection broke: {exception.Message.TrimEnd('.')}.",
                exception
            ),
            _ => null,
        };

    /// <summary>
    /// Closes the connection: the peer receives what has been sent, and then the end. A pending receive and send must end, with an exception or a receive with
    /// zero. Called at least once, possibly while other members run.
    /// </summary>
    public abstract void Dispose();

    /// <summary>Waits until a receive would complete, without receiving anything. Any number of waits may be pending at the same time.</summary>
    /// <returns>A number without a meaning.</returns>
    internal virtual ValueTask<int> WaitForBytesAsync() => throw new NotSupportedException();

    /// <summary>Returns a value that indicates whether a receive would complete, and blocks the thread until it would or the time is over.</summary>
    internal virtual bool Poll(TimeSpan timeout) => throw new NotSupportedException();

    /// <summary>Receives bytes that there are, on this thread, although a wait may be pending.</summary>
    /// <returns>False if there are none.</returns>
    internal virtual bool TryReceive(Memory<byte> buffer, out int count)
    {
        count = 0;
        if (Poll(TimeSpan.Zero))
        {
            count = ReceiveAsync(buffer).AsTask().GetAwaiter().GetResult();
            return true;
        }

        return false;
    }

    /// <summary>
    /// Returns a number that changes when the peer accepts bytes of a send that is pending. The same number for longer than the write timeout ends
    /// the connection, so a transport that cannot tell returns a constant and the whole send must complete within that time.
    /// </summary>
    internal virtual long MarkSendProgress() => 0;

    /// <summary>Makes the system probe the peer's machine at an interval, if the transport can. An infinite interval ends the probing.</summary>
    internal virtual void SetKeepAlive(TimeSpan interval) { }

    /// <summary>Starts to watch for the end of the peer's sending side, while nothing is received.</summary>
    /// <param name="onHangup">
    /// Called once, on the thread pool; immediately if the peer has disconnected before. The argument indicates whether the connection broke.
    /// </param>
    /// <returns>
    /// An object that ends the watching, after which a queued call may still follow; null if watching is not supported or not possible.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The transport has been disposed.</exception>
    internal virtual IDisposable? WatchHangup(Action<bool> onHangup) => null;
}
