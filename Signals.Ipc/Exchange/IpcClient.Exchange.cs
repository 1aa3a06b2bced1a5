using System.Diagnostics.CodeAnalysis;
using Signals.Remote;

namespace Signals.Ipc;

/// <content>The signals that are imported from the host, and those that are exported to it.</content>
public sealed partial class IpcClient : ISignalExporter, ISignalImporter
{
    /// <summary>
    /// Gets the signals and properties of the host that this client imports. Use the extension methods of <see cref="SignalImporting"/>. Their slots run on
    /// the client's <see cref="Evaluator"/>.
    /// </summary>
    [SuppressMessage("Naming", "CA1716", Justification = "A keyword of Visual Basic, which can escape it.")]
    public RemoteImports Imports => _session.Imports;

    /// <summary>
    /// Gets the signals and properties that this client exports to the host, which imports them with <see cref="IpcHost.ImporterFor"/>. Use the extension
    /// methods of <see cref="SignalExporting"/>. The host decides by <see cref="IpcHostOptions.AuthorizeExport"/>.
    /// </summary>
    public RemoteExports Exports => _session.Exports;
}
