using System.Globalization;
using System.Runtime;

namespace Signals.Benchmarks.Compare;

/// <summary>The table of signals beside their peers.</summary>
internal static class SignalsComparison
{
    /// <summary>The parts of the table, by the names under which they can be asked for alone.</summary>
    private static readonly (string Name, Action<Table> AddTo)[] Parts =
    [
        ("emit", EmitRows.AddTo),
        ("connect", ConnectRows.AddTo),
        ("disconnect", DisconnectRows.AddTo),
        ("churn", ConnectAndDisconnectRows.AddTo),
        ("memory", MemoryRows.AddTo),
        ("threads", ThreadRows.AddTo),
        ("deferred", DeferredRows.AddTo),
        ("handover", HandoverRows.AddTo),
        ("rx", RxRows.AddTo),
    ];

    private static readonly Column[] Columns =
    [
        new("C# event", 18, [PeerKind.Event]),
        new("Rx Subject", 18, [PeerKind.Rx]),
        new("other peer", 26, [PeerKind.Other, PeerKind.Floor]),
    ];

    internal static IEnumerable<string> PartNames => Parts.Select(part => part.Name);

    /// <summary>Measures and prints the parts asked for, or all. Returns whether there are such parts.</summary>
    /// <param name="names">The parts, or none for all.</param>
    /// <param name="charts">The folder in which the chart is written, or null for none.</param>
    internal static bool TryRun(string[] names, string? charts)
    {
        if (names.Except(PartNames).Any())
        {
            return false;
        }

        GCSettings.LatencyMode = GCLatencyMode.Batch;
        var table = new Table(Console.Out, Columns);
        table.PrintHeader(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Signals beside their peers: medians of rounds in which all of a row take turns, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
                Rounds in which the process did not have its processors to itself are not counted, as far as there are enough others.
                Behind a peer's figure, in brackets: ours in terms of it. "/ goal": ours in terms of the goal; the last column is decided on it.
                Goals in ns are scaled: the document's figure times what a slot of a C# event with 1,000 slots of one method costs here, measured in
                turns with that row, over the {Baseline.DocumentNanoseconds} ns of the document: "<= 30 (33 here)". Speed-ups are not scaled: look at the peers' beside.
                "Best" is the best peer of the row; a bare loop over an array is shown, as the floor, and is none. Slots are eight methods on distinct objects.
                """
            )
        );
        foreach ((string name, Action<Table> addTo) in Parts)
        {
            if (names.Length == 0 || names.Contains(name))
            {
                addTo(table);
            }
        }

        table.PrintSummary();
        if (charts is not null)
        {
            Row[] times = [.. table.Rows.Where(row => row.Unit == "ns")];
            Chart.Save(Path.Combine(charts, "signals.svg"), "Time in terms of Signals (less is better, logarithmic)", times, Columns);
        }

        return true;
    }
}
