using System.Globalization;
using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks.Remote;

/// <summary>The table of signals between two processes.</summary>
internal static class RemoteComparison
{
    private static readonly Column[] Columns =
    [
        new("others", 32, [PeerKind.Other, PeerKind.AwaitedSocket]),
        new("gRPC", 18, [PeerKind.Grpc]),
        new("StreamJsonRpc", 20, [PeerKind.JsonRpc]),
    ];

    /// <summary>Measures and prints the table.</summary>
    internal static async Task RunAsync()
    {
        var table = new Table(Console.Out, Columns);
        table.PrintHeader(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Signals between two processes on a UNIX socket, values of {StampedValue.Size} bytes, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
                gRPC: a server stream; StreamJsonRpc: an event, with its MessagePack formatter. All contenders take turns, and figures are medians.
                In parentheses after a figure: the ratio of the figure of Signals to it. Every value is checked: none is lost, and all are in order.
                "/ goal": the ratio to the goal, which decides the last column.
                """
            )
        );
        await using (Session session = await Session.StartAsync())
        {
            await EmissionRows.AddToAsync(table, session);
            await DelayRows.AddToAsync(table, session);
            await ManySubscribersRows.AddToAsync(table, session);
            await ImportMemoryRows.AddToAsync(table, session);
        }

        UnsubscribedRows.AddTo(table);
        table.PrintSummary();
    }
}
