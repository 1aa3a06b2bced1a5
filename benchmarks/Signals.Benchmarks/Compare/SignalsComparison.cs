using System.Globalization;

namespace Signals.Benchmarks.Compare;

/// <summary>The table of signals and their peers.</summary>
internal static class SignalsComparison
{
    /// <summary>The parts of the table by name.</summary>
    private static readonly (string Name, Action<Table> AddTo)[] Parts =
    [
        ("emit", EmitRows.AddTo),
        ("arguments", ArgumentRows.AddTo),
        ("connect", ConnectRows.AddTo),
        ("disconnect", DisconnectRows.AddTo),
        ("churn", ConnectAndDisconnectRows.AddTo),
        ("memory", MemoryRows.AddTo),
        ("threads", ThreadRows.AddTo),
        ("deferred", DeferredRows.AddTo),
        ("handover", HandoverRows.AddTo),
        ("latency", LatencyRows.AddTo),
        ("async", AsyncRows.AddTo),
        ("kinds", KindRows.AddTo),
        ("rx", RxRows.AddTo),
    ];

    private static readonly Column[] Columns =
    [
        new("C# event", 28, [PeerKind.Event]),
        new("Rx Subject", 40, [PeerKind.Rx]),
        new("R3 Subject", 26, [PeerKind.R3]),
        new("other peer", 44, [PeerKind.Other, PeerKind.Floor]),
    ];

    internal static Comparison Create() =>
        new(
            Parts,
            Columns,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Signals and their peers: {Comparison.Method}
                "Best" is the strongest peer of the row, which is named. A bare loop over an array is the lower bound and not a peer. Slots are eight
                methods on distinct objects. Rx is {VersionOf(typeof(System.Reactive.Subjects.Subject<>))}, R3 {VersionOf(typeof(R3.Subject<>))}.
                """
            )
        )
        {
            ChartFile = "signals.svg",
        };

    private static string? VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3);
}
