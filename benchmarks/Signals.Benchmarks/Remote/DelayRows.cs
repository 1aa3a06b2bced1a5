using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks.Remote;

/// <summary>The time from an emission to the slot, if the next value is emitted after the previous one has arrived.</summary>
internal static class DelayRows
{
    /// <summary>The number of values of a turn. Turns are short, so that disturbances of the machine affect all contenders equally.</summary>
    private const int ValuesOfTurn = 200;

    private const int Turns = 50;
    private const int WarmUpTurns = 10;
    private const double AllowedRatio = 1.5;

    private static readonly string[] Libraries = [Library.Signals, Library.Socket, Library.Grpc, Library.JsonRpc];

    internal static async Task AddToAsync(Table table, Session session)
    {
        var times = Libraries.ToDictionary(static library => library, static _ => new List<double>());
        double[] microseconds = new double[ValuesOfTurn];
        for (int turn = -WarmUpTurns; turn < Turns; turn++)
        {
            foreach (string library in Libraries)
            {
                await session.EmitAsync(new EmittingRun(library, ValuesOfTurn, Window: 1, Interval: 1), subscribers: 1, microseconds);
                if (turn >= 0)
                {
                    times[library].AddRange(microseconds);
                }
            }
        }

        double bound = MedianOf(times[Library.Socket]);
        table.Add(
            new Row(
                "from Emit to the slot, median",
                "us",
                MedianOf(times[Library.Signals]),
                [
                    new PeerFigure(PeerKind.AwaitedSocket, "awaited socket", bound),
                    new PeerFigure(PeerKind.Grpc, null, MedianOf(times[Library.Grpc])),
                    new PeerFigure(PeerKind.JsonRpc, null, MedianOf(times[Library.JsonRpc])),
                ],
                Goal.AtMostScaled(AllowedRatio, bound)
            )
        );
    }

    private static double MedianOf(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
