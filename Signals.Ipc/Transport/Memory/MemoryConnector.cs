namespace Signals.Ipc.Transport.Memory;

/// <summary>Connects to a host of this process.</summary>
internal sealed class MemoryConnector(IpcEndpoint endpoint) : IpcConnector
{
    /// <inheritdoc/>
    public override IpcEndpoint Endpoint => endpoint;

    /// <inheritdoc/>
    public override Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken) =>
        MemoryListener.TryConnect(endpoint) is { } transport
            ? Task.FromResult<IpcTransport>(transport)
            : Task.FromException<IpcTransport>(new IOException("No host of this process is listening there"));

    /// <inheritdoc/>
    internal override DisconnectReason DescribeFailure(Exception exception, bool willRetry) =>
        new(
            DisconnectCause.ConnectFailed,
            $"Connecting to {endpoint} failed. No host of this process is listening there: start the host{AdviseToRetry(willRetry)}",
            exception
        );
}
