using System.Globalization;
using System.Runtime;

namespace Signals.Benchmarks.Compare;

/// <summary>The table of signals and their peers.</summary>
internal static class SignalsComparison
{
    /// <summary>The parts of the table by name.</summary>
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

    /// <summary>Measures and prints the requested parts, or all. Returns false if a part does not exist.</summary>
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
                Signals and their peers: medians of rounds in which all contenders of a row take turns, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
                Rounds in which other processes used the processors are excluded if enough others remain.
                In parentheses after a peer's figure: the ratio of the figure of Signals to it. "/ goal": the ratio to the goal, which decides the last column.
                Goals in ns are scaled: the goal of the document times the cost of a slot of a C# event with 1,000 slots of one method, measured in
                turns with that row, divided by the {Baseline.DocumentNanoseconds} ns of the document: "<= 30 (33 here)". Speed-ups are not scaled: compare them with the peers.
                "Best" is the best peer of the row. A bare loop over an array is the lower bound and not a peer. Slots are eight methods on distinct objects.
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
            Chart.Save(Path.Combine(charts, "signals.svg"), "Time relative to Signals (less is better, logarithmic)", times, Columns);
        }

        return true;
    }
}
