using Signals.Remote;

namespace Signals.Ipc;

/// <content>The signals that are exported to clients, and those that are imported from them.</content>
public sealed partial class IpcHost : ISignalExporter
{
    /// <summary>
    /// Gets the signals and properties that clients can import. Use the extension methods of <see cref="SignalExporting"/>; they can be called before and
    /// after <see cref="Start"/>.
    /// </summary>
    public RemoteExports Exports { get; }

    /// <summary>
    /// Returns the importer of the signals that a client exports. Slots run on the host's evaluator. When the client disconnects, its imports end: one that
    /// connects again is another client. Import them in a slot of <see cref="ClientConnected"/>, for example.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <returns>The importer, the same one for each call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The client is not connected.</exception>
    public ISignalImporter ImporterFor(ClientInfo client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _clients.Find(client.Id)?.Imports ?? throw new InvalidOperationException($"Client {client.Id} is not connected.");
    }
}
