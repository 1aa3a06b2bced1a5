using Signals.Nats;
using Signals.Remote;
using Signals.Tests.Remote;

namespace Signals.Tests.Nats;

/// <summary>An exchange that exports and one that imports, over a server.</summary>
internal sealed class NatsPair : RemotePair
{
    private readonly TcpRelay? _relay;

    /// <param name="hasReplay">Indicates whether exports may be replayed.</param>
    /// <param name="isRelayed">Indicates whether the connection of the importer to the server can be broken.</param>
    internal NatsPair(bool hasReplay = false, bool isRelayed = false)
    {
        HasReplay = hasReplay;
        _relay = isRelayed ? new TcpRelay(SharedServer.Server.Port) : null;
        Exporting = CreateExporter();
        Importing = new NatsExchange(
            _relay?.Url ?? SharedServer.Server.Url,
            new NatsExchangeOptions
            {
                Prefix = Prefix,
                Evaluator = Evaluator,
                ReplayFromMemory = hasReplay,
                TimeProvider = ImportTime,
            }
        );
    }

    internal override ISignalExporter Exporter => Exporting;

    internal override ISignalImporter Importer => Importing;

    internal string Prefix { get; } = SharedServer.NewPrefix();

    internal bool HasReplay { get; }

    internal NatsExchange Exporting { get; }

    internal NatsExchange Importing { get; }

    /// <summary>Gets the clock of the importer.</summary>
    internal FakeTime ImportTime { get; } = new();

    internal override void Break() => _relay!.Break();

    internal override void Reconnect() => _relay!.Start();

    /// <summary>Creates an exporter that the importer sees.</summary>
    internal NatsExchange CreateExporter() =>
        new(
            SharedServer.Server.Url,
            new NatsExchangeOptions
            {
                Prefix = Prefix,
                Evaluator = ExportEvaluator,
                ReplayFromMemory = HasReplay,
                TimeProvider = Time,
            }
        );

    private protected override async ValueTask EndAsync()
    {
        await Importing.DisposeAsync().AsTask().Within("the end of the importer");
        await Exporting.DisposeAsync().AsTask().Within("the end of the exporter");
        _relay?.Dispose();
    }
}
