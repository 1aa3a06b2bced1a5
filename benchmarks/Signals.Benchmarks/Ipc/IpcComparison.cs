using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Google.Protobuf;
using Greeter;
using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks.Ipc;

/// <summary>The table of calls between two processes, compared with raw sockets.</summary>
internal static class IpcComparison
{
    private const int BurstSize = 200_000;
    private const int Rounds = 5;
    private const double Million = 1_000_000;

    /// <summary>The maximum number of bytes of a call of the burst on the client, including its messages, its task and its continuation.</summary>
    private const int BytesPerBurstCall = 1_000;

    /// <summary>The time after which peers that block on such a burst time out.</summary>
    private const int SecondsToBlocking = 10;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2);

    private static readonly Column[] Columns =
    [
        new("awaited socket", 20, [PeerKind.AwaitedSocket]),
        new("blocking socket", 20, [PeerKind.BlockingSocket]),
    ];

    /// <summary>Measures and prints the table.</summary>
    /// <param name="charts">The folder in which the chart is written, or null for none.</param>
    internal static async Task RunAsync(string? charts)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("signals-");
        try
        {
            var paths = new SocketPaths(folder.FullName);
            using var otherSide = ChildProcess.Start(OtherSide.Command, "--folder", folder.FullName);
            await otherSide.WaitUntilReadyAsync();
            using (Socket awaited = RawSockets.Connect(paths.Awaited))
            using (Socket blocking = RawSockets.Connect(paths.Blocking))
            await using (ClientSession session = await ClientSession.OpenAsync(paths.Host))
            {
                await MeasureAsync(session.Proxy, paths, awaited, blocking, charts);
            }

            await otherSide.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(GreeterProxy proxy, SocketPaths paths, Socket awaited, Socket blocking, string? charts)
    {
        var table = new Table(Console.Out, Columns);
        table.PrintHeader(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Calls between two processes on a UNIX socket, 16 bytes of payload each way, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
                A raw socket sends 16 bytes in each direction; round trips are measured in turns, and their medians compared. In parentheses after a figure:
                the ratio of the figure of Signals to it. Rates and bursts are medians of {Rounds} rounds. Every reply is checked. "/ goal": the ratio to the goal,
                which decides the last column.
                """
            )
        );
        await WarmUpAsync(proxy);
        await RoundTripRows.AddToAsync(table, proxy, awaited, blocking);
        foreach (int window in (int[])[64, 256])
        {
            double rate = await RateAsync(count => Calls.RunAsync(proxy, count, window));
            table.Add(new Row($"{window} calls in flight", "million/s", rate / Million, [], Goal.AtLeast(1)));
        }

        await AddBurstAsync(table, proxy);
        double sent = await RateAsync(async count => int.Parse(await Calls.SendAsync(proxy, count), CultureInfo.InvariantCulture), proxy);
        table.Add(new Row("fire-and-forget calls, all arrived", "million/s", sent / Million, [], Goal.AtLeast(2.5)));
        double streamed = await RateAsync(count => Calls.WatchAsync(proxy, count));
        table.Add(new Row("messages of a server stream", "million/s", streamed / Million, [], Goal.AtLeast(2.5)));
        await FeatureRows.AddToAsync(table, proxy, paths, run => RateAsync(run));
        foreach (int window in (int[])[1, 64])
        {
            double bytes = await BytesPerCallAsync(proxy, window);
            table.Add(new Row($"allocated per call besides messages, {window} in flight", "B", bytes, [], Goal.AtMost(200)));
        }

        table.PrintSummary();
        if (charts is not null)
        {
            Chart.Save(
                Path.Combine(charts, "ipc.svg"),
                "Figures relative to Signals (rates: more is better; others: less is better; logarithmic)",
                table.Rows,
                Columns
            );
        }
    }

    private static async Task WarmUpAsync(GreeterProxy proxy)
    {
        const int Batch = 5_000;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < WarmUpTime)
        {
            await Calls.RunAsync(proxy, Batch, 64);
            await Calls.WatchAsync(proxy, Batch);
            await Calls.SendAsync(proxy, Batch);
        }
    }

    private static async Task AddBurstAsync(Table table, GreeterProxy proxy)
    {
        // The first burst grows the buffers, and a single garbage collection makes a difference of a fifth of the memory.
        int right = await Calls.BurstAsync(proxy, BurstSize, new PeakMemory());
        var seconds = new Samples();
        var bytes = new Samples();
        for (int round = 0; round < Rounds; round++)
        {
            var memory = new PeakMemory();
            long start = Stopwatch.GetTimestamp();
            right = Math.Min(right, await Calls.BurstAsync(proxy, BurstSize, memory));
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds, undisturbed: true);
            bytes.Add(memory.Bytes, undisturbed: true);
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"burst of {BurstSize:#,0} calls");
        table.Add(new Row($"{name}: correct replies", "calls", right, [], Goal.AtLeast(BurstSize)));
        table.Add(new Row($"{name}: time", "s", seconds.Median, [], Goal.AtMost(SecondsToBlocking)));
        table.Add(new Row($"{name}: peak managed memory", "MB", bytes.Median / Million, [], Goal.AtMost(BurstSize / Million * BytesPerBurstCall)));
    }

    /// <summary>Returns the number of operations per second: the median of rounds of about the same time.</summary>
    private static async Task<double> RateAsync(Func<int, Task<int>> run, GreeterProxy? counting = null)
    {
        int count = 10_000;
        var rates = new Samples();
        for (int round = -1; round < Rounds; round++)
        {
            if (counting is not null)
            {
                // The request for the number of calls resets it.
                await counting.WaveGoodbyeAsync(Calls.CreateRequest(0));
            }

            long start = Stopwatch.GetTimestamp();
            int done = await run(count);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (done != count)
            {
                throw new InvalidOperationException($"Only {done} of {count} operations were correct.");
            }

            if (round < 0)
            {
                count = (int)(count * Math.Max(1, RoundTime / elapsed));
            }
            else
            {
                rates.Add(count / elapsed.TotalSeconds, undisturbed: true);
            }
        }

        return rates.Median;
    }

    /// <summary>Returns the number of bytes that a call allocates in this process, on any thread, without its reply. Its request is reused.</summary>
    private static async Task<double> BytesPerCallAsync(GreeterProxy proxy, int window)
    {
        const int Count = 20_000;
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await Calls.RunAsync(proxy, Count, window);
        double perCall = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count;
        return perCall - BytesOfReply();
    }

    private static double BytesOfReply()
    {
        const int Count = 1_000;
        byte[] encoded = new GreeterReplyMsg { Message = Calls.CreateRequest(0).Name }.ToByteArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            var reply = new GreeterReplyMsg();
            reply.MergeFrom(encoded.AsSpan());
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;
    }
}
