using System.Diagnostics;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>Peers that send each message with a send of their own, as other implementations of the protocol do.</summary>
internal static class UnbatchedRows
{
    private const int Window = 32;
    private const double Thousand = 1_000;
    private const double Microseconds = 1_000_000;

    /// <summary>The permitted processor time of a call above that of a raw socket, in microseconds.</summary>
    private const double AllowedMicroseconds = 1;

    /// <summary>The length of a turn, in which the processor time of a process is exact enough: the system counts in steps of 10 ms.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(500);

    internal static void AddTo(Table table, PeerSet peers)
    {
        using UnbatchedClient client = UnbatchedClient.ConnectToHost(peers.PathOf(Library.Signals));
        using UnbatchedClient rawClient = UnbatchedClient.ConnectToRaw(peers.PathOf(Library.Raw));
        AddRows(
            table,
            "a client with a send per call",
            (turn => Task.FromResult(client.Call(turn, Window)), () => peers.HostOf(Library.Signals).ProcessorTime),
            (turn => Task.FromResult(rawClient.Call(turn, Window)), () => peers.HostOf(Library.Raw).ProcessorTime)
        );

        EchoClient ofHost = peers.ClientOf(Library.Unbatched);
        RawEchoClient ofRaw = RawEchoClient.ConnectUnbatched(peers.PathOf(Library.Raw));
        AddRows(
            table,
            "a host with a send per reply",
            (turn => ofHost.CallAsync(turn, Window, EchoText.Usual), OwnTime),
            (turn => ofRaw.CallAsync(turn, Window, EchoText.Usual), OwnTime)
        );
        ofRaw.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static TimeSpan OwnTime() => Environment.CpuUsage.TotalTime;

    /// <summary>Adds the rate, and the processor time of a call in the process of the library.</summary>
    private static void AddRows(Table table, string name, params (Func<Turn, Task<long>> CallAsync, Func<TimeSpan> ProcessorTime)[] contenders)
    {
        Samples[] rates = [new(), new()];
        Samples[] times = [new(), new()];
        Turns.ForEach(
            contenders.Length,
            (i, isWarmUp) =>
            {
                TimeSpan before = contenders[i].ProcessorTime();
                long start = Stopwatch.GetTimestamp();
                double rate = Turns.Measure(contenders[i].CallAsync, Length);
                double calls = rate * Stopwatch.GetElapsedTime(start).TotalSeconds;
                Turns.Add(rates[i], rate / Thousand, isWarmUp);
                Turns.Add(times[i], (contenders[i].ProcessorTime() - before).TotalSeconds * Microseconds / calls, isWarmUp);
            }
        );
        Library[] libraries = [Library.Signals, Library.Raw];
        Goal rate = Goal.AtLeastTimes(PeerKind.AwaitedSocket, 0.5);
        table.Add(PeerSet.RowOf(libraries, $"{name}, {Window} in flight", "thousand/s", [.. rates.Select(samples => samples.Median)], rate));
        double[] perCall = [.. times.Select(samples => samples.Median)];
        table.Add(PeerSet.RowOf(libraries, $"{name}, processor time", "us", perCall, Goal.AtMost(perCall[1] + AllowedMicroseconds)));
    }
}
