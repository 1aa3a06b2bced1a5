using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A host that exports, and a client that imports.</summary>
internal sealed class IpcPair : RemotePair
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote");
    private readonly SocketRelay? _relay;

    /// <param name="endpoint">The endpoint, given a path.</param>
    /// <param name="isRelayed">Indicates whether a relay is between the two, which can be broken. The endpoint is a socket file then.</param>
    internal IpcPair(Func<string, IpcEndpoint> endpoint, bool isRelayed = false)
    {
        string path = Path.Combine(_folder.FullName, "h");
        Host = new IpcHost(new IpcHostOptions { Evaluator = ExportEvaluator });
        IpcEndpoint started = Host.Start(endpoint(path));
        if (isRelayed)
        {
            _relay = SocketRelay.StartIn(_folder, path, out started);
        }

        Client = new IpcClient(
            started,
            new IpcClientOptions
            {
                Evaluator = Evaluator,
                Reconnect = true,
                Retry = true,
            }
        );
        Client.Connect();
    }

    internal override ISignalExporter Exporter => Host;

    internal override ISignalImporter Importer => Client;

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
