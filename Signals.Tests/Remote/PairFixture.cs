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

    /// <summary>Determines whether the exchange lacks something, and proves that it refuses options that need it.</summary>
    private protected bool Lacks(RemoteCapabilities capability, ExportOptions options)
    {
        if (Exporter.Exports.Capabilities.HasFlag(capability))
        {
            return false;
        }

        using var signal = new Signal<int>();
        Assert.That(() => Exporter.Export("refused", signal, options), Throws.InstanceOf<NotSupportedException>().With.Message.Contain($"{capability}"));
        return true;
    }

    private protected bool LacksReplay() => Lacks(RemoteCapabilities.Replay, new ExportOptions { Replay = RemoteReplay.Last });

    private protected bool LacksAuthorize() => Lacks(RemoteCapabilities.Authorize, new ExportOptions { Authorize = static _ => true });

    private protected RemoteSignal<int> Live(string name, List<int> received, ImportOptions? options = null)
    {
        RemoteSignal<int> import = Importer.Import<int>(name, options);
        import.Connect(received.Add);
        Pair.UntilLive(import);
        return import;
    }
}
