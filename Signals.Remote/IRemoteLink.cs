namespace Signals.Remote;

/// <summary>
/// A connection of an importer to an exporter, which an exchange implements. The exchange passes the messages to a <see cref="RemoteOutlet"/> at the other
/// end, in the order in which they were sent, and the batches of the outlet to <see cref="RemoteImports.Receive"/>.
/// </summary>
public interface IRemoteLink
{
    /// <summary>
    /// Sends a message without a reply. Calls do not overlap. The method does not wait for the network; if the message cannot be sent, the exchange ends the
    /// connection.
    /// </summary>
    /// <param name="operation">The kind of the message.</param>
    /// <param name="message">The message, which the method may keep.</param>
    void Send(RemoteOperation operation, ReadOnlyMemory<byte> message);

    /// <summary>Sends a message and returns the reply to it.</summary>
    /// <param name="operation">The kind of the message.</param>
    /// <param name="message">The message, which the method may keep.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="Exception">The connection was lost, or the exporter does not know the operation.</exception>
    Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);
}
