using System.Net.Sockets;
using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks.Ipc;

/// <summary>The time of a call if one call is made at a time.</summary>
internal static class RoundTripRows
{
    /// <summary>The number of round trips in a turn. Turns are short, so that disturbances of the machine affect all contenders equally.</summary>
    private const int CallsPerTurn = 200;

    private const int Turns = 50;
    private const int WarmUpTurns = 10;
    private const double AllowedRatio = 1.3;

    internal static async Task AddToAsync(Table table, GreeterProxy proxy, Socket awaited, Socket blocking)
    {
        var ours = new List<double>();
        var ofAwaited = new List<double>();
        var ofBlocking = new List<double>();
        for (int turn = -WarmUpTurns; turn < Turns; turn++)
        {
            double[] times = new double[CallsPerTurn];
            await Calls.RunAsync(proxy, CallsPerTurn, window: 1, times);
            Keep(ours, times, turn);
            await RawSockets.MeasureAwaitedAsync(awaited, times);
            Keep(ofAwaited, times, turn);
            RawSockets.MeasureBlocking(blocking, times);
            Keep(ofBlocking, times, turn);
        }

        double bound = MedianOf(ofAwaited);
        table.Add(
            new Row(
                "one call at a time",
                "us",
                MedianOf(ours),
                [new PeerFigure(PeerKind.AwaitedSocket, null, bound), new PeerFigure(PeerKind.BlockingSocket, null, MedianOf(ofBlocking))],
                Goal.AtMostScaled(AllowedRatio, bound)
            )
        );
    }

    private static void Keep(List<double> all, double[] times, int turn)
    {
        if (turn >= 0)
        {
            all.AddRange(times);
        }
    }

    private static double MedianOf(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
