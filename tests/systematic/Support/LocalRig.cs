using Signals.Remote;

namespace Signals.Systematic.Support;

/// <summary>A <see cref="LocalExchange"/>.</summary>
internal sealed class LocalRig : RemoteRig
{
    private readonly LocalExchange _exchange;

    internal LocalRig() => _exchange = new LocalExchange(Evaluator, Time);

    internal override ISignalExporter Exporter => _exchange;

    internal override ISignalImporter Importer => _exchange;

    public override void Dispose() => _exchange.Dispose();
}
