using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A <see cref="LocalExchange"/>.</summary>
internal sealed class LocalPair : RemotePair
{
    private readonly LocalExchange _exchange;

    internal LocalPair() => _exchange = new LocalExchange(Evaluator, Time);

    internal override ISignalExporter Exporter => _exchange;

    internal override ISignalImporter Importer => _exchange;

    private protected override ValueTask EndAsync()
    {
        _exchange.Dispose();
        return default;
    }
}
