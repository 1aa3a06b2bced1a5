using System.Globalization;
using System.Runtime;

namespace Signals.Benchmarks.Compare;

/// <summary>The table of signals beside their peers.</summary>
internal static class SignalsComparison
{
    internal static void Run()
    {
        GCSettings.LatencyMode = GCLatencyMode.Batch;
        var table = new Table(Console.Out);
        table.PrintHeader(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Signals beside their peers: medians of rounds in which all of a row take turns, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
                Behind a peer's figure, in brackets: ours in terms of it. "/ goal": ours in terms of the goal; the last column is decided on it.
                Goals in ns are the document's times what a slot of a C# event with 1,000 slots costs here, measured in turns with that row, over
                the {Baseline.DocumentNanoseconds} ns that it costs in the document: "<= 30 (33 here)". "Best" is the best peer of the row. Slots are eight methods on distinct objects.
                """
            )
        );
        EmitRows.AddTo(table);
        ConnectRows.AddTo(table);
        DisconnectRows.AddTo(table);
        ConnectAndDisconnectRows.AddTo(table);
        MemoryRows.AddTo(table);
        ThreadRows.AddTo(table);
        DeferredRows.AddTo(table);
        HandoverRows.AddTo(table);
        table.PrintSummary();
    }
}
