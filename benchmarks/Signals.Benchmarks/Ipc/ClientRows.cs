using System.Diagnostics;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>Many clients at once: their total, and the share of the slowest one.</summary>
internal static class ClientRows
{
    private const double Thousand = 1_000;

    /// <summary>The length of a turn, in which even the slowest one of 64 clients makes many calls.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(300);

    internal static void AddTo(Table table, PeerSet peers)
    {
        foreach (int clients in (int[])[1, 8, 64])
        {
            AddRows(table, peers, clients);
        }
    }

    private static void AddRows(Table table, PeerSet peers, int clients)
    {
        EchoClient[][] connected = [.. Library.All.Select(library => Enumerable.Range(0, clients).Select(_ => peers.Connect(library)).ToArray())];
        foreach (int window in (int[])[1, 16])
        {
            Samples[] totals = [.. connected.Select(_ => new Samples())];
            Samples[] shares = [.. connected.Select(_ => new Samples())];
            Turns.ForEach(
                connected.Length,
                (i, isWarmUp) =>
                {
                    (double total, double share) = Measure(connected[i], window);
                    Turns.Add(totals[i], total / Thousand, isWarmUp);
                    Turns.Add(shares[i], share, isWarmUp);
                }
            );
            string name = $"{clients} {(clients == 1 ? "client" : "clients")} x {window} in flight";

            // A raw socket sends the calls in flight together, which no library can do for calls that are made one by one.
            Goal goal = window == 1 ? Goal.AtLeastTimes(PeerKind.AwaitedSocket, 0.85) : Goal.AtLeastTimes(PeerKind.JsonRpc, 1);
            table.Add(PeerSet.RowOf(Library.All, $"{name}, total", "thousand/s", [.. totals.Select(samples => samples.Median)], goal));
            if (clients != 1)
            {
                table.Add(
                    PeerSet.RowOf(Library.All, $"{name}, slowest / fastest", "ratio", [.. shares.Select(samples => samples.Median)], Goal.AtLeast(0.9))
                );
            }
        }

        foreach (EchoClient client in connected.SelectMany(all => all))
        {
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Runs all clients for a time. Returns the number of calls a second, and the ratio of the slowest client to the fastest.</summary>
    private static (double Total, double Share) Measure(EchoClient[] clients, int window)
    {
        var turn = new Turn();
        long start = Stopwatch.GetTimestamp();
        Task<long[]> running = Task.WhenAll(clients.Select(client => Task.Run(() => client.CallAsync(turn, window, EchoText.Usual))));
        Thread.Sleep(Length);
        turn.End();
        long[] counts = running.GetAwaiter().GetResult();
        return (counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds, (double)counts.Min() / counts.Max());
    }
}
