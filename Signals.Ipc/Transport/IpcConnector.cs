namespace Signals.Ipc.Transport;

/// <summary>
/// Connects to a host over a transport of one's own: see <see cref="IpcClient(IpcConnector, IpcClientOptions)"/>. One object connects again and again if the
/// client retries or reconnects.
/// </summary>
public abstract class IpcConnector
{
    /// <summary>Initializes a new instance of the <see cref="IpcConnector"/> class.</summary>
    protected IpcConnector() { }

    /// <summary>
    /// Gets the endpoint of the host, which names it in logs and messages. A client sends the <see cref="IpcClientOptions.Identity"/> that it claims if
    /// this is a TCP endpoint, and, if it retries, observes the socket file of a path.
    /// </summary>
    public abstract IpcEndpoint Endpoint { get; }

    /// <summary>Connects to the host, including a handshake if the transport has one. Called on the thread pool, for one attempt at a time.</summary>
    /// <param name="cancellationToken">A token that ends the attempt: the time limit is over, or the client has been disposed.</param>
    /// <returns>The established transport, which the client disposes.</returns>
    /// <exception cref="Exception">The attempt failed. The message becomes part of that of the <see cref="DisconnectReason"/>.</exception>
    public abstract Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Returns the reason for a failed attempt, with advice.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="willRetry">A value that indicates whether the client tries again by itself.</param>
    internal virtual DisconnectReason DescribeFailure(Exception exception, bool willRetry) =>
        new(
            DisconnectCause.ConnectFailed,
            $"Connecting to {Endpoint} failed: {exception.Message.TrimEnd('.')}{(willRetry ? "; the client tries again." : ".")}",
            exception
        );

    /// <summary>Returns the second half of a sentence that says how the client gets a connection later.</summary>
    internal static string AdviseToRetry(bool willRetry) => willRetry ? "; the client tries again." : ", or let the client retry.";
}
