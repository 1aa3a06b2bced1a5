namespace Signals.Ipc.Transport.Custom;

/// <summary>A stream of the base class library as a transport.</summary>
internal sealed class StreamTransport(Stream stream, PeerIdentity? peer) : IpcTransport
{
    /// <inheritdoc/>
    public override ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken) => new(peer);

    /// <inheritdoc/>
    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    /// <inheritdoc/>
    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
        return bytes.Length;
    }

    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();
}
