using System.Globalization;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Remote;

namespace Signals.Benchmarks.Nats;

/// <summary>The table of signals over a NATS server.</summary>
internal static class NatsComparison
{
    private const int Rounds = 7;
    private const int WarmUpRounds = 2;
    private const int FirstCount = 40 * Reception.Interval;
    private const int DelaysOfTurn = 200;
    private const int DelayTurns = 30;
    private const double AllowedRate = 0.7;
    private const double AllowedDelay = 1.5;

    /// <summary>The size of the objects that the client of NATS creates for a message, whose subject is a text.</summary>
    private const double MessageBytes = 24;

    private const double Million = 1_000_000;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(500);
    private static readonly Column[] Columns = [new("NATS.Net", 22, [PeerKind.Nats]), new("MQTTnet", 22, [PeerKind.Mqtt])];

    /// <summary>Measures and prints the table.</summary>
    internal static async Task RunAsync()
    {
        using NatsServer server = NatsServer.Start();
        var ours = new Reception();
        var nats = new Reception();
        var mqtt = new Reception();
        await using SignalsDistributor signals = await SignalsDistributor.StartAsync(server.Url, ours);
        await using NatsDistributor bare = await NatsDistributor.StartAsync(server.Url, nats);
        await using MqttDistributor broker = await MqttDistributor.StartAsync(NatsServer.FreePort(), mqtt);
        (IDistributor Distributor, Reception Reception)[] contenders = [(signals, ours), (bare, nats), (broker, mqtt)];
        var table = new Table(Console.Out, Columns);
        table.PrintHeader(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                Signals over a NATS server, values of {StampedValue.Size} bytes, publisher and subscriber in this process, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
                NATS.Net: a publisher and a loop over a subscription; MQTTnet: its broker in this process, without acknowledgements.
                All contenders take turns, and figures are medians. Every value is checked: none is lost, and all are in order.
                """
            )
        );
        await AddRatesAsync(table, contenders);
        await AddDelaysAsync(table, contenders);
        table.PrintSummary();
    }

    private static async Task AddRatesAsync(Table table, (IDistributor Distributor, Reception Reception)[] contenders)
    {
        Samples[] rates = [.. contenders.Select(static _ => new Samples())];
        var bytes = new Samples();
        int[] counts = [.. contenders.Select(static _ => FirstCount)];
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                double rate = await contenders[i].Reception.MeasureRateAsync(contenders[i].Distributor, counts[i]);
                double allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)counts[i];
                counts[i] = Math.Max(1, (int)(rate * RoundTime.TotalSeconds) / Reception.Interval) * Reception.Interval;
                if (round < 0)
                {
                    continue;
                }

                rates[i].Add(rate, undisturbed: true);
                if (i == 0)
                {
                    bytes.Add(allocated, undisturbed: true);
                }
            }
        }

        table.Add(
            new Row(
                "emissions to one subscriber",
                "million/s",
                rates[0].Median / Million,
                [new PeerFigure(PeerKind.Nats, null, rates[1].Median / Million), new PeerFigure(PeerKind.Mqtt, null, rates[2].Median / Million)],
                Goal.AtLeastTimes(PeerKind.Nats, AllowedRate)
            )
        );
        table.Add(new Row("allocated per emission, both sides", "B", bytes.Median, [], Goal.AtMost(MessageBytes)));
    }

    private static async Task AddDelaysAsync(Table table, (IDistributor Distributor, Reception Reception)[] contenders)
    {
        List<double>[] times = [.. contenders.Select(static _ => new List<double>())];
        double[] microseconds = new double[DelaysOfTurn];
        for (int turn = -WarmUpRounds; turn < DelayTurns; turn++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                await contenders[i].Reception.MeasureDelayAsync(contenders[i].Distributor, microseconds);
                if (turn >= 0)
                {
                    times[i].AddRange(microseconds);
                }
            }
        }

        table.Add(
            new Row(
                "from Emit to the slot, median",
                "us",
                MedianOf(times[0]),
                [new PeerFigure(PeerKind.Nats, null, MedianOf(times[1])), new PeerFigure(PeerKind.Mqtt, null, MedianOf(times[2]))],
                Goal.AtMostTimes(PeerKind.Nats, AllowedDelay)
            )
        );
    }

    private static double MedianOf(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
