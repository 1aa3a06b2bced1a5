using System.Diagnostics;
using System.Globalization;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>A large number of calls that are made at once, without a window.</summary>
internal static class BurstRows
{
    private const int BurstSize = 200_000;
    private const int Rounds = 5;
    private const double Million = 1_000_000;

    /// <summary>The maximum number of bytes of a call on the client, including its messages, its task and its continuation.</summary>
    private const int BytesPerCall = 500;

    /// <summary>The time after which peers that block on such a burst time out.</summary>
    private const int SecondsToBlocking = 10;

    internal static void AddTo(Table table, PeerSet peers)
    {
        _ = peers.ClientOf(Library.Signals);
        ClientSession session = ClientSession.OpenAsync(IpcEndpoint.Parse(peers.PathOf(Library.Signals))).GetAwaiter().GetResult();
        int right = BurstSize;
        var seconds = new Samples();
        var bytes = new Samples();
        for (int round = 0; round < Rounds; round++)
        {
            var memory = new PeakMemory();
            long start = Stopwatch.GetTimestamp();
            right = Math.Min(right, Calls.BurstAsync(session.Proxy, BurstSize, memory).GetAwaiter().GetResult());
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds, undisturbed: true);
            bytes.Add(memory.Bytes, undisturbed: true);
        }

        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        string name = string.Create(CultureInfo.InvariantCulture, $"burst of {BurstSize:#,0} calls");
        table.Add(new Row($"{name}: correct replies", "calls", right, [], Goal.AtLeast(BurstSize)));
        table.Add(new Row($"{name}: time", "s", seconds.Median, [], Goal.AtMost(SecondsToBlocking)));
        table.Add(new Row($"{name}: peak managed memory", "MB", bytes.Median / Million, [], Goal.AtMost(BurstSize / Million * BytesPerCall)));
    }
}
