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
        var one = new Figures();
        for (int round = -1; round < Rounds; round++)
        {
            one.Add(round, await session.EmitAsync(new EmittingRun(Library.Signals, Count, Window, Interval)));
        }

        var clients = new List<IAsyncDisposable>();
        var many = new Figures();
        try
        {
            for (int subscriber = 1; subscriber < Subscribers; subscriber++)
            {
                clients.Add(await Remote.Subscribers.ImportAsync(session.PathOf(Library.Signals), session.ReceiverOf(Library.Signals), subscriber));
            }

            for (int round = -1; round < Rounds; round++)
            {
                many.Add(round, await session.EmitAsync(new EmittingRun(Library.Signals, CountOfMany, Window, Interval), Subscribers));
            }
        }
        finally
        {
            foreach (IAsyncDisposable client in clients)
            {
                await client.DisposeAsync();
            }
        }

        Add(table, "time of Emit", one.Emit.Median, many.Emit.Median);
        Add(table, "exporter's processor time for an emission", one.Processor.Median, many.Processor.Median);
    }

    private static void Add(Table table, string measure, double one, double many)
    {
        table.Add(new Row($"{measure}, 1 subscriber", "ns", one, [], Goal.AtMost(double.PositiveInfinity)));
        table.Add(new Row($"{measure}, {Subscribers} subscribers", "ns", many, [], Goal.AtMostScaled(AllowedRatio, Subscribers * one)));
    }

    /// <summary>The cost of an emission in the rounds.</summary>
    private sealed class Figures
    {
        internal Samples Emit { get; } = new();

        internal Samples Processor { get; } = new();

        internal void Add(int round, (double Rate, EmitterCost Cost) run)
        {
            if (round >= 0)
            {
                Emit.Add(run.Cost.EmitNanoseconds, undisturbed: true);
                Processor.Add(run.Cost.ProcessorNanoseconds, undisturbed: true);
            }
        }
    }
}
