using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Connects to a host over a UNIX socket or TCP.</summary>
internal sealed class SocketConnector(IpcEndpoint endpoint) : IpcConnector
{
    /// <inheritdoc/>
    public override IpcEndpoint Endpoint => endpoint;

    /// <inheritdoc/>
    public override async Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = endpoint.CreateSocket();
        try
        {
            await socket.ConnectAsync(endpoint.ToEndPoint(), cancellationToken).ConfigureAwait(false);
            return new SocketTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override DisconnectReason DescribeFailure(Exception exception, bool willRetry) =>
        SocketFailures.DescribeConnect(endpoint, exception, willRetry);
}
