using System.Diagnostics;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc;
using Signals.Ipc;

namespace Signals.Benchmarks.Remote;

/// <summary>The number of emissions that one subscriber receives, and what an emission allocates.</summary>
internal static class EmissionRows
{
    private const int Interval = 256;
    private const int Window = 4096;
    private const int Rounds = 5;
    private const int FirstCount = 40 * Interval;
    private const double Million = 1_000_000;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Libraries = [Library.Signals, Library.Grpc, Library.JsonRpc];

    internal static async Task AddToAsync(Table table, Session session)
    {
        await using ClientSession stream = await ClientSession.OpenAsync(IpcEndpoint.Parse(session.PathOf(Library.Signals)));
        var rates = new Dictionary<string, Samples>();
        var counts = new Dictionary<string, int>();
        var emitterBytes = new Samples();
        var receiverBytes = new Samples();
        var streamed = new Samples();
        int streamedCount = FirstCount;
        for (int round = -2; round < Rounds; round++)
        {
            foreach (string library in Libraries)
            {
                int count = counts.GetValueOrDefault(library, FirstCount);
                long before = GC.GetTotalAllocatedBytes(precise: true);
                (double rate, EmitterCost cost) = await session.EmitAsync(new EmittingRun(library, count, Window, Interval));
                double bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count;
                counts[library] = CountFor(rate);
                if (round < 0)
                {
                    rates[library] = new Samples();
                    continue;
                }

                rates[library].Add(rate, undisturbed: true);
                if (library == Library.Signals)
                {
                    emitterBytes.Add(cost.Bytes, undisturbed: true);
                    receiverBytes.Add(bytes, undisturbed: true);
                }
            }

            double streamRate = await WatchAsync(stream.Proxy, streamedCount);
            streamedCount = CountFor(streamRate);
            if (round >= 0)
            {
                streamed.Add(streamRate, undisturbed: true);
            }
        }

        table.Add(
            new Row(
                "emissions to one subscriber",
                "million/s",
                rates[Library.Signals].Median / Million,
                [
                    new PeerFigure(PeerKind.Other, "server stream", streamed.Median / Million),
                    new PeerFigure(PeerKind.Grpc, null, rates[Library.Grpc].Median / Million),
                    new PeerFigure(PeerKind.JsonRpc, null, rates[Library.JsonRpc].Median / Million),
                ],
                Goal.AtLeast(streamed.Median / Million)
            )
        );
        table.Add(new Row("allocated per emission, exporter", "B", emitterBytes.Median, [], Goal.AtMost(0)));
        table.Add(new Row("allocated per emission, importer", "B", receiverBytes.Median, [], Goal.AtMost(0)));
    }

    private static async Task<double> WatchAsync(GreeterProxy proxy, int count)
    {
        long start = Stopwatch.GetTimestamp();
        int right = await Calls.WatchAsync(proxy, count);
        return right == count
            ? count / Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"Only {right} of {count} messages were right.");
    }

    /// <summary>Returns the number of values that takes about the time of a round.</summary>
    private static int CountFor(double rate) => Math.Max(Interval, (int)(rate * RoundTime.TotalSeconds) / Interval * Interval);
}
