using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Tests with an exporter and an importer of one exchange, which a derived class chooses.</summary>
internal abstract class PairFixture
{
    private protected RemotePair Pair { get; private set; } = null!;

    private protected ISignalExporter Exporter => Pair.Exporter;

    private protected ISignalImporter Importer => Pair.Importer;

    [SetUp]
    public void SetUp() => Pair = Open();

    [TearDown]
    public async Task TearDown() => await Pair.DisposeAsync();

    private protected abstract RemotePair Open();

    private protected RemoteSignal<int> Live(string name, List<int> received, ImportOptions? options = null)
    {
        RemoteSignal<int> import = Importer.Import<int>(name, options);
        import.Connect(received.Add);
        Pair.UntilLive(import);
        return import;
    }
}
