using Signals.Benchmarks.Compare;

namespace Signals.Benchmarks.Remote;

/// <summary>The cost of one signal with many subscribers for the exporting process.</summary>
internal static class ManySubscribersRows
{
    private const int Subscribers = 64;
    private const int Interval = 256;
    private const int Window = 4096;
    private const int Rounds = 5;
    private const int Count = 100 * Interval;
    private const int CountOfMany = 20 * Interval;
    private const double AllowedRatio = 0.2;

    internal static async Task AddToAsync(Table table, Session session)
    {
        var one = new Samples();
        for (int round = -1; round < Rounds; round++)
        {
            Add(one, round, await session.EmitAsync(new EmittingRun(Library.Signals, Count, Window, Interval)));
        }

        var clients = new List<IAsyncDisposable>();
        var many = new Samples();
        try
        {
            for (int subscriber = 1; subscriber < Subscribers; subscriber++)
            {
                clients.Add(await Remote.Subscribers.ImportAsync(session.PathOf(Library.Signals), session.ReceiverOf(Library.Signals), subscriber));
            }

            for (int round = -1; round < Rounds; round++)
            {
                Add(many, round, await session.EmitAsync(new EmittingRun(Library.Signals, CountOfMany, Window, Interval), Subscribers));
            }
        }
        finally
        {
            foreach (IAsyncDisposable client in clients)
            {
                await client.DisposeAsync();
            }
        }

        table.Add(new Row("an emission to one subscriber, exporter's processor time", "ns", one.Median, [], Goal.AtMost(double.PositiveInfinity)));
        table.Add(
            new Row($"an emission to {Subscribers} subscribers, likewise", "ns", many.Median, [], Goal.AtMost(AllowedRatio * Subscribers * one.Median))
        );
    }

    private static void Add(Samples samples, int round, (double Rate, EmitterCost Cost) run)
    {
        if (round >= 0)
        {
            samples.Add(run.Cost.Nanoseconds, undisturbed: true);
        }
    }
}
