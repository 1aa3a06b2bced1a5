using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A client that exports, and a host that imports.</summary>
internal sealed class IpcReversePair : RemotePair
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remote");

    internal IpcReversePair(Func<string, IpcEndpoint> endpoint, Func<ClientInfo, string, bool>? authorize = null)
    {
        Host = new IpcHost(new IpcHostOptions { Evaluator = Evaluator, AuthorizeExport = authorize });
        ClientInfo? connected = null;
        Host.ClientConnected.Connect(client => connected = client);
        IpcEndpoint started = Host.Start(endpoint(Path.Combine(_folder.FullName, "h")));
        Client = new IpcClient(started, new IpcClientOptions { Evaluator = ExportEvaluator });
        Client.Connect();
        Until(() => connected is not null, "the client");
        Importer = Host.ImporterFor(connected!);
    }

    internal override ISignalExporter Exporter => Client;

    internal override ISignalImporter Importer { get; }

    internal IpcHost Host { get; }

    internal IpcClient Client { get; }

    private protected override async ValueTask EndAsync()
    {
        await Client.DisposeAsync().AsTask().Within("the end of the client");
        await Host.DisposeAsync().AsTask().Within("the end of the host");
        _folder.Delete(recursive: true);
    }
}
