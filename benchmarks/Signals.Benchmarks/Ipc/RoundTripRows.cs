using System.Net.Sockets;
using System.Text;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>The time of a call if one call is made at a time.</summary>
internal static class RoundTripRows
{
    /// <summary>The number of round trips in a turn. Turns are short, so that disturbances of the machine affect all contenders equally.</summary>
    private const int CallsPerTurn = 200;

    private const int Rounds = 50;
    private const int WarmUpRounds = 10;
    private static readonly TimeSpan LongestSpin = TimeSpan.FromMilliseconds(1);

    internal static void AddTo(Table table, PeerSet peers)
    {
        byte[] payload = Encoding.UTF8.GetBytes(EchoText.Usual);
        using Socket blocking = RawEchoClient.Connect(peers.PathOf(Library.Raw), RawMode.Blocking);
        using Socket spinning = RawEchoClient.Connect(peers.PathOf(Library.Raw), RawMode.Spinning);
        (PeerKind Kind, Action<double[]> Time)[] contenders =
        [
            .. Library.All.Select(library =>
            {
                EchoClient client = peers.ClientOf(library);
                return (library.Kind, (Action<double[]>)(times => client.TimeAsync(EchoText.Usual, times).GetAwaiter().GetResult()));
            }),
            (PeerKind.BlockingSocket, times => RawSockets.Time(blocking, payload, TimeSpan.Zero, times)),
            (PeerKind.SpinningSocket, times => RawSockets.Time(spinning, payload, LongestSpin, times)),
        ];
        List<double>[] all = [.. contenders.Select(_ => new List<double>())];
        double[] times = new double[CallsPerTurn];
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                contenders[i].Time(times);
                if (round >= 0)
                {
                    all[i].AddRange(times);
                }
            }
        }

        PeerKind[] kinds = [.. contenders.Select(contender => contender.Kind)];
        table.Add(CreateRow("one call at a time, p50", kinds, all, 0.5, Goal.AtMostTimes(PeerKind.SpinningSocket, 1.5)));
        table.Add(CreateRow("one call at a time, p99", kinds, all, 0.99, Goal.AtMostTimes(PeerKind.AwaitedSocket, 0.8)));
    }

    private static Row CreateRow(string measure, PeerKind[] kinds, List<double>[] times, double share, Goal goal)
    {
        double[] figures = [.. times.Select(all => all.Order().ElementAt((int)(share * all.Count)))];
        return new Row(measure, "us", figures[0], [.. kinds.Zip(figures).Skip(1).Select(peer => new PeerFigure(peer.First, null, peer.Second))], goal);
    }
}
