using System.Globalization;
using System.Reflection;
using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks.Ipc;

/// <summary>The table of calls between two processes, compared with gRPC, StreamJsonRpc and raw sockets.</summary>
internal static class IpcComparison
{
    /// <summary>The parts of the table by name.</summary>
    private static readonly (string Name, Action<Table, PeerSet> AddTo)[] Parts =
    [
        ("latency", RoundTripRows.AddTo),
        ("flight", RateRows.AddInFlightTo),
        ("streams", RateRows.AddStreamsTo),
        ("payloads", RateRows.AddPayloadsTo),
        ("clients", ClientRows.AddTo),
        ("unbatched", UnbatchedRows.AddTo),
        ("features", FeatureRows.AddTo),
        ("burst", BurstRows.AddTo),
        ("memory", AllocationRows.AddTo),
        ("start", StartRows.AddTo),
    ];

    private static readonly Column[] Columns =
    [
        new("gRPC", 18, [PeerKind.Grpc]),
        new("StreamJsonRpc", 18, [PeerKind.JsonRpc]),
        new("raw, awaited", 18, [PeerKind.AwaitedSocket]),
        new("raw, blocking", 18, [PeerKind.BlockingSocket]),
        new("raw, spinning", 18, [PeerKind.SpinningSocket]),
        new("other", 20, [PeerKind.Other]),
    ];

    internal static IEnumerable<string> PartNames => Parts.Select(static part => part.Name);

    internal static Comparison Create(PeerSet peers) =>
        new(
            [.. Parts.Select(part => (part.Name, (Action<Table>)(table => part.AddTo(table, peers))))],
            Columns,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Calls between two processes on a UNIX socket, .NET {Environment.Version}, {Environment.ProcessorCount} processors. Messages have a text of 16 bytes
                unless the row says otherwise. All contenders of a row take turns, and rates are medians of {Turns.Rounds} rounds. Every reply is checked. Each library has
                a host in a process of its own. gRPC {VersionOf(typeof(global::Grpc.Net.Client.GrpcChannel))} uses Kestrel, StreamJsonRpc {VersionOf(
                    typeof(StreamJsonRpc.JsonRpc)
                )} MessagePack. Raw sockets have no protocol, and send calls in
                flight together. In parentheses after a figure: the ratio of the figure of Signals to it. "/ goal": the ratio to the goal, which decides the
                last column.
                """
            )
        )
        {
            ChartFile = "ipc.svg",
            ChartTitle = "Figures relative to Signals (rates: more is better; others: less is better; logarithmic)",
            ChartUnit = null,
        };

    private static string? VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
