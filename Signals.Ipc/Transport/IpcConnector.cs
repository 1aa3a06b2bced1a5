namespace Signals.Ipc.Transport;

/// <summary>Connects to the host of one endpoint: the client's side of a transport.</summary>
internal abstract class IpcConnector
{
    /// <summary>Connects to the host.</summary>
    /// <param name="cancellationToken">A token that ends the attempt.</param>
    /// <returns>The established transport, which the caller disposes.</returns>
    /// <exception cref="Exception">The attempt failed; <see cref="DescribeFailure"/> describes the exception.</exception>
    internal abstract Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Returns the reason for a failed attempt, with advice.</summary>
    internal abstract DisconnectReason DescribeFailure(Exception exception);
}
