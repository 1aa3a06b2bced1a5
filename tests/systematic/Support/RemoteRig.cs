using Signals.Remote;
using Signals.Tests.Support;

namespace Signals.Systematic.Support;

/// <summary>An exporter and an importer in the hands of a scenario: over bytes, or within the process.</summary>
internal abstract class RemoteRig : IDisposable
{
    internal const string Name = "a";

    /// <summary>The number of evaluations after which nothing can be left, since each leads to one more at most.</summary>
    private const int Evaluations = 8;

    /// <summary>Gets the evaluator of the importer, which the scenario evaluates.</summary>
    internal ConnectionEvaluator Evaluator { get; } = new();

    internal FakeTime Time { get; } = new();

    internal abstract ISignalExporter Exporter { get; }

    internal abstract ISignalImporter Importer { get; }

    /// <summary>Gets the values that the connections of <see cref="Connect"/> received.</summary>
    internal List<int> Received { get; } = [];

    /// <summary>Gets the sum of the gaps of the imports of <see cref="Import"/>.</summary>
    internal long Missed { get; private set; }

    internal ExportedSignal Export(ISignal<int> signal, ExportOptions? options = null) => Exporter.Export(Name, signal, options);

    internal RemoteSignal<int> Import()
    {
        RemoteSignal<int> import = Importer.Import<int>(Name);
        import.Missed.Connect(gap => Missed += gap.Count ?? 0);
        return import;
    }

    /// <summary>Connects to an import. Returns no connection if the import has been disposed.</summary>
    internal ConnectionHandle Connect(RemoteSignal<int> import)
    {
        try
        {
            return import.Connect(value => Received.Add(value));
        }
        catch (ObjectDisposedException)
        {
            return default;
        }
    }

    /// <summary>Handles what has arrived. Only one thread runs.</summary>
    internal void Pump()
    {
        for (int i = 0; i < Evaluations; i++)
        {
            Evaluator.EvaluateDeferredConnections();
        }
    }

    public abstract void Dispose();
}
