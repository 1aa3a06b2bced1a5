using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>The rates of one client: calls in flight, one-way calls, streams, and payloads.</summary>
internal static class RateRows
{
    private const double Thousand = 1_000;
    private const double Million = 1_000_000;

    /// <summary>The number of messages between two confirmations that all have arrived.</summary>
    private const int Batch = 20_000;

    internal static void AddInFlightTo(Table table, PeerSet peers)
    {
        foreach ((int window, double times) in ((int, double)[])[(64, 1), (256, 0.4)])
        {
            table.Add(
                peers.MeasureRates(
                    Library.All,
                    $"{window} calls in flight",
                    "thousand/s",
                    1 / Thousand,
                    Goal.AtLeastTimes(PeerKind.AwaitedSocket, times),
                    client => turn => client.CallAsync(turn, window, EchoText.Usual)
                )
            );
        }
    }

    internal static void AddStreamsTo(Table table, PeerSet peers)
    {
        // The goals of the document, 12 and 10 million, are these shares of its raw sockets.
        table.Add(
            peers.MeasureRates(
                Library.All,
                "one-way calls, all arrived",
                "thousand/s",
                1 / Thousand,
                Goal.AtLeastTimes(PeerKind.AwaitedSocket, 0.29),
                client => Turns.Repeating(Batch, count => client.SendAsync(EchoText.Usual, count))
            )
        );
        table.Add(
            peers.MeasureRates(
                Library.All,
                "messages of a server stream",
                "thousand/s",
                1 / Thousand,
                Goal.AtLeastTimes(PeerKind.AwaitedSocket, 0.14),
                client => Turns.Repeating(Batch, client.WatchAsync)
            )
        );
    }

    internal static void AddPayloadsTo(Table table, PeerSet peers)
    {
        foreach (
            (string name, int size, int window, double times) in ((string, int, int, double)[])
                [("256 B", 256, 64, 0.4), ("1 KiB", 1024, 64, 0.4), ("64 KiB", 64 * 1024, 16, 0.6)]
        )
        {
            string text = EchoText.OfSize(size);
            table.Add(
                peers.MeasureRates(
                    Library.All,
                    $"{name} each way, {window} in flight",
                    "MB/s",
                    size / Million,
                    Goal.AtLeastTimes(PeerKind.AwaitedSocket, times),
                    client => turn => client.CallAsync(turn, window, text)
                )
            );
        }
    }
}
