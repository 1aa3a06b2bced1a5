using System.Diagnostics.CodeAnalysis;
using Signals.Remote;

namespace Signals.Ipc;

/// <content>The signals that are exported to clients, and those that are imported from them.</content>
public sealed partial class IpcHost : ISignalExporter, ISignalImporter
{
    /// <summary>
    /// Gets the signals and properties that clients can import. Use the extension methods of <see cref="SignalExporting"/>; they can be called before and
    /// after <see cref="Start(IpcEndpoint)"/>.
    /// </summary>
    public RemoteExports Exports { get; }

    /// <summary>
    /// Gets the signals and properties that this host imports from its clients: those of all clients that export a name, merged. Use the extension methods of
    /// <see cref="SignalImporting"/>; they can be called before and after <see cref="Start(IpcEndpoint)"/>. Slots run on the host's evaluator.
    /// </summary>
    /// <remarks>
    /// An import is <see cref="RemoteState.Live"/> while at least one client exports it; its slots receive the emissions of each, and
    /// <see cref="RemoteImport.Missed"/> tells what was missed of each. A property of two clients is <see cref="RemoteState.Refused"/>. When the last client
    /// has gone, the import is <see cref="RemoteState.Stale"/> until a client exports the name again. <see cref="ImporterFor"/> imports from one client.
    /// </remarks>
    [SuppressMessage("Naming", "CA1716", Justification = "A keyword of Visual Basic, which can escape it.")]
    public RemoteImports Imports { get; }

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
