using System.Globalization;

namespace Signals;

/// <summary>Finds connections that are probably mistakes.</summary>
internal static class SnapshotFindings
{
    internal static IReadOnlyList<SignalFinding> Find(SignalSnapshot snapshot, SignalFindingOptions options) =>
        [
            .. snapshot.Connections.Where(connection => !connection.IsWeak && connection.Age >= options.NeverEndedAfter).Select(NeverEnded),
            .. snapshot
                .Connections.GroupBy(static connection => (connection.Signal, connection.CallNumber))
                .Where(static calls => calls.Skip(1).Any())
                .Select(static calls => MadeTwice([.. calls])),
            .. snapshot
                .Connections.Where(connection => connection.EvaluatorId is null && connection.ThreadCount >= options.ManyThreads)
                .Select(ManyThreads),
        ];

    private static SignalFinding NeverEnded(ConnectionInfo connection) =>
        new(
            SignalFindingKind.NeverEnded,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{connection} was made {connection.Age:c} ago, has not ended, and keeps its target alive. End it with the life of the target."
            ),
            [connection]
        );

    private static SignalFinding MadeTwice(IReadOnlyList<ConnectionInfo> connections) =>
        new(
            SignalFindingKind.MadeTwice,
            $"{connections[0]} was made {connections.Count} times for the same object. Each emission calls the slot as many times.",
            connections
        );

    private static SignalFinding ManyThreads(ConnectionInfo connection) =>
        new(
            SignalFindingKind.ManyThreads,
            $"{connection} is called on {(connection.ThreadCount == ThreadSet.Limit ? $"{ThreadSet.Limit} or more" : connection.ThreadCount)} threads. "
                + "The slot must be thread-safe, or the connection deferred.",
            [connection]
        );
}
