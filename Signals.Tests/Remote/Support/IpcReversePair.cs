using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A client that exports, and a host that imports.</summary>
internal sealed class IpcReversePair : RemotePair
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote");
    private readonly SocketRelay? _relay;

    /// <param name="endpoint">The endpoint, given a path.</param>
    /// <param name="authorize">The right to export.</param>
    /// <param name="isMerged">Indicates whether the host imports from all its clients.</param>
    /// <param name="isRelayed">Indicates whether a relay is between the two, which can be broken. The endpoint is a socket file then.</param>
    internal IpcReversePair(
        Func<string, IpcEndpoint> endpoint,
        Func<ClientInfo, string, bool>? authorize = null,
        bool isMerged = false,
        bool isRelayed = false
    )
    {
        string path = Path.Combine(_folder.FullName, "h");
        Host = new IpcHost(new IpcHostOptions { Evaluator = Evaluator, AuthorizeExport = authorize });
        ClientInfo? connected = null;
        Host.ClientConnected.Connect(client => connected = client);
        IpcEndpoint started = Host.Start(endpoint(path));
        if (isRelayed)
        {
            _relay = SocketRelay.StartIn(_folder, path, out started);
        }

        Client = new IpcClient(
            started,
            new IpcClientOptions
            {
                Evaluator = ExportEvaluator,
                Reconnect = isRelayed,
                Retry = isRelayed,
            }
        );
        Client.Connect();
        Until(() => connected is not null, "the client");
        Importer = isMerged ? Host : Host.ImporterFor(connected!);
    }

    internal override ISignalExporter Exporter => Client;

    internal override ISignalImporter Importer { get; }

    internal IpcHost Host { get; }

    internal IpcClient Client { get; }

    internal override void Break() => _relay!.Break();

    internal override void Reconnect() => _relay!.Start();

    private protected override async ValueTask EndAsync()
    {
        await Client.DisposeAsync().AsTask().Within("the end of the client");
        await Host.DisposeAsync().AsTask().Within("the end of the host");
        _relay?.Dispose();
        _folder.Delete(recursive: true);
    }
}
