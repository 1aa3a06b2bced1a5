using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A client that exports, and another one that imports what the host relays.</summary>
internal sealed class IpcRelayedPair : RemotePair
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote");
    private readonly SocketRelay _relay;
    private readonly bool _endsLingering;

    /// <param name="endsLingering">Indicates whether the time for which the host remains subscribed without an importer passes while a test waits.</param>
    internal IpcRelayedPair(bool endsLingering = false)
    {
        _endsLingering = endsLingering;
        string path = Path.Combine(_folder.FullName, "h");
        Host = new IpcHost(
            new IpcHostOptions
            {
                RelaySignals = true,
                TimeProvider = Time,
                WriteTimeout = Timeout.InfiniteTimeSpan,
            }
        );
        Host.Start(IpcEndpoint.UnixSocket(path));
        _relay = SocketRelay.StartIn(_folder, path, out IpcEndpoint relayed);
        ExportingClient = new IpcClient(IpcEndpoint.UnixSocket(path), new IpcClientOptions { Evaluator = ExportEvaluator });
        ImportingClient = new IpcClient(
            relayed,
            new IpcClientOptions
            {
                Evaluator = Evaluator,
                Reconnect = true,
                Retry = true,
            }
        );
        ExportingClient.Connect();
        ImportingClient.Connect();
    }

    internal override ISignalExporter Exporter => ExportingClient;

    internal override ISignalImporter Importer => ImportingClient;

    internal IpcHost Host { get; }

    internal IpcClient ExportingClient { get; }

    internal IpcClient ImportingClient { get; }

    /// <summary>Breaks the connection of the client that imports.</summary>
    internal override void Break() => _relay.Break();

    internal override void Reconnect() => _relay.Start();

    private protected override void OnPoll()
    {
        if (_endsLingering)
        {
            Time.Advance(TimeSpan.FromSeconds(31));
        }
    }

    private protected override async ValueTask EndAsync()
    {
        await ImportingClient.DisposeAsync().AsTask().Within("the end of a client");
        await ExportingClient.DisposeAsync().AsTask().Within("the end of a client");
        await Host.DisposeAsync().AsTask().Within("the end of the host");
        _relay.Dispose();
        _folder.Delete(recursive: true);
    }
}
