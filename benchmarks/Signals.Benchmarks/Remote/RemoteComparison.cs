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

    private static readonly Dictionary<string, Func<Table, Session, Task>> Parts = new()
    {
        ["emissions"] = EmissionRows.AddToAsync,
        ["delay"] = DelayRows.AddToAsync,
        ["subscribers"] = ManySubscribersRows.AddToAsync,
        ["memory"] = ImportMemoryRows.AddToAsync,
        ["unsubscribed"] = static (table, _) =>
        {
            UnsubscribedRows.AddTo(table);
            return Task.CompletedTask;
        },
    };

    /// <summary>Gets the names of the parts.</summary>
    internal static IEnumerable<string> PartNames => Parts.Keys;

    /// <summary>Measures and prints the table, or only some parts of it.</summary>
    /// <exception cref="FormatException">A part does not exist.</exception>
    internal static async Task RunAsync(string[] names)
    {
        Func<Table, Session, Task>[] parts =
        [
            .. (names.Length == 0 ? Parts.Keys : (IEnumerable<string>)names).Select(static name =>
                Parts.GetValueOrDefault(name) ?? throw new FormatException("The part does not exist.")
            ),
        ];
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
            foreach (Func<Table, Session, Task> part in parts)
            {
                await part(table, session);
            }
        }

        table.PrintSummary();
    }
}
