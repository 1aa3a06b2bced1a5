using System.Diagnostics;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>Measures rates of contenders in turns, so that temporary disturbances of the machine affect all of them equally.</summary>
internal static class Turns
{
    /// <summary>The number of rounds of which the median is taken.</summary>
    internal const int Rounds = 5;

    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(150);

    /// <summary>Returns the number of operations a second of each contender: the median of the rounds after the first one.</summary>
    internal static double[] RatesOf(IReadOnlyList<Func<Turn, Task<long>>> contenders)
    {
        Samples[] rates = [.. contenders.Select(_ => new Samples())];
        ForEach(contenders.Count, (i, isWarmUp) => Add(rates[i], Measure(contenders[i], Length), isWarmUp));
        return [.. rates.Select(samples => samples.Median)];
    }

    /// <summary>Runs all contenders in turns.</summary>
    /// <param name="contenders">The number of contenders.</param>
    /// <param name="run">Runs the contender with the index. The second argument is true in the first round, which does not count.</param>
    internal static void ForEach(int contenders, Action<int, bool> run)
    {
        for (int round = -1; round < Rounds; round++)
        {
            for (int i = 0; i < contenders; i++)
            {
                run(i, round < 0);
            }
        }
    }

    internal static void Add(Samples samples, double figure, bool isWarmUp)
    {
        if (!isWarmUp)
        {
            samples.Add(figure, undisturbed: true);
        }
    }

    /// <summary>Runs one contender for a time. Returns the number of operations a second.</summary>
    internal static double Measure(Func<Turn, Task<long>> contender, TimeSpan length)
    {
        var turn = new Turn();
        long start = Stopwatch.GetTimestamp();
        Task<long> running = Task.Run(() => contender(turn));
        Thread.Sleep(length);
        turn.End();
        return running.GetAwaiter().GetResult() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Creates a contender that repeats an operation with a number of messages.</summary>
    internal static Func<Turn, Task<long>> Repeating(int count, Func<int, Task> run) =>
        async turn =>
        {
            long done = 0;
            for (; !turn.IsOver; done += count)
            {
                await run(count);
            }

            return done;
        };
}
