using System.Globalization;

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

    internal static Comparison Create() =>
        new(
            Parts,
            Columns,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Signals and their peers: {Comparison.Method}
                Goals in ns are scaled: the goal of the document times the cost of a slot of a C# event with 1,000 slots of one method, measured in
                turns with that row, divided by the {Baseline.DocumentNanoseconds} ns of the document: "<= 30 (33 here)". Speed-ups are not scaled: compare them with the peers.
                "Best" is the best peer of the row. A bare loop over an array is the lower bound and not a peer. Slots are eight methods on distinct objects.
                """
            )
        )
        {
            ChartFile = "signals.svg",
        };
}
