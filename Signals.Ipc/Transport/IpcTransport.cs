namespace Signals.Ipc.Transport;

/// <summary>An established stream of bytes between two peers. Everything that is specific to a kind of transport is in its class.</summary>
/// <remarks>
/// One receive and one send may be pending at the same time, but never two of one kind. Both complete synchronously if the transport can. All other
/// members may be called at any time by any thread. Disposal makes pending operations fail with an exception that <see cref="Explain"/> explains, or
/// makes a pending receive return zero.
/// </remarks>
internal abstract class IpcTransport : IDisposable
{
    /// <summary>Returns the identity of the peer that the transport has verified, or null if it cannot verify one.</summary>
    internal abstract PeerIdentity? IdentifyPeer();

    /// <summary>
    /// Gets a value that indicates whether a host accepts the identity that a client claims in a frame. Not over a transport that can know
    /// it better, even if it does not on this system.
    /// </summary>
    internal abstract bool AcceptsClaimedIdentity { get; }

    /// <summary>Gets the number of bytes that can be received at once. Polled by the receive loop, so it must be cheap. May be too low.</summary>
    /// <exception cref="ObjectDisposedException">The transport has been disposed.</exception>
    internal abstract int Available { get; }

    /// <summary>
    /// Gets a value that indicates whether <see cref="WatchHangup"/> detects that the peer has disconnected. If not, only sending detects it while
    /// nothing is received.
    /// </summary>
    internal abstract bool CanWatchHangup { get; }

    /// <summary>Receives bytes.</summary>
    /// <param name="buffer">The memory for the bytes, which is not empty.</param>
    /// <returns>The number of bytes; zero if the peer has closed its sending side and all of its bytes have been received.</returns>
    internal abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends bytes. If the peer reads too slowly, waits until some or all of them are accepted.</summary>
    /// <param name="bytes">The bytes, of which there is at least one.</param>
    /// <returns>The number of bytes that have been accepted, which is at least one.</returns>
    internal abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>
    /// Returns a number that changes when the peer accepts bytes of a send that is pending. The same number for longer than the write timeout ends
    /// the connection, so a transport that cannot tell returns a constant and the whole send must complete within that time.
    /// </summary>
    internal abstract long MarkSendProgress();

    /// <summary>
    /// Gets a value that indicates whether a pending send waits for a thread of this process rather than for the peer: there is room for it, but it has
    /// not continued. False if the transport cannot tell.
    /// </summary>
    internal abstract bool HasSendRoom { get; }

    /// <summary>
    /// Gets the interval at which a silent peer is pinged by default. Infinite, for no pings, if the system reports the end of the peer's process in any case.
    /// </summary>
    internal virtual TimeSpan DefaultKeepAlive => Timeout.InfiniteTimeSpan;

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
    internal abstract IDisposable? WatchHangup(Action<bool> onHangup);

    /// <summary>
    /// Returns the reason for the end of a connection one of whose operations threw an exception, or null if the exception is not one that the
    /// transport throws when a connection ends.
    /// </summary>
    internal virtual DisconnectReason? Explain(Exception exception) =>
        exception is ObjectDisposedException or OperationCanceledException
            ? new DisconnectReason(DisconnectCause.ClosedLocally, "The connection was closed on this side.", exception)
            : null;

    /// <inheritdoc/>
    public abstract void Dispose();
}
