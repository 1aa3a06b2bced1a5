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
    /// <param name="exception">The failure.</param>
    /// <param name="willRetry">A value that indicates whether the client tries again by itself.</param>
    internal abstract DisconnectReason DescribeFailure(Exception exception, bool willRetry);

    /// <summary>Returns the second half of a sentence that says how the client gets a connection later.</summary>
    internal static string AdviseToRetry(bool willRetry) => willRetry ? "; the client tries again." : ", or let the client retry.";
}
