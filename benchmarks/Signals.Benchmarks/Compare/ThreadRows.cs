using System.Diagnostics;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The rate of emissions while another thread uses the same publisher.</summary>
internal static class ThreadRows
{
    private static readonly int[] Counts = [1, 2, 10];
    private const int Rounds = 15;
    private const int WarmUpRounds = 30;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(5);

    /// <summary>The maximum time that all contenders together may take to get their undisturbed rounds.</summary>
    private static readonly TimeSpan LongestTurns = TimeSpan.FromSeconds(2.5);

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(5);

    internal static void AddTo(Table table)
    {
        using var second = new SecondThread();
        double[] speedUps = InTurns(Contenders(Counts[^1]), (contender, time) => SpeedUp(contender, second, time));
        table.Add(CreateRow("two threads emitting one signal, speed-up", "x", speedUps, Goal.AtLeast(1.95)));
        foreach (int count in Counts)
        {
            double[] rates = InTurns(Contenders(count), (contender, time) => RateBesideConnects(contender, second, time));
            string measure = $"emitting to {count} beside a thread that connects";
            table.Add(CreateRow(measure, "million/s", rates, Goal.AtLeastTimesBestPeer(0.95)));
        }
    }

    private static Shared[] Contenders(int count) =>
        [
            Shared.Of<SignalPublisher<int>, ConnectionHandle>(count),
            Shared.Of<EventPublisher<int>, EventSlot<int>>(count),
            Shared.Of<SubjectPublisher<int>, Subscription>(count),
            Shared.Of<ReactiveSubjectPublisher<int>, Subscription>(count),
        ];

    private static Row CreateRow(string measure, string unit, double[] figures, Goal goal) =>
        new(
            measure,
            unit,
            figures[0],
            [
                new PeerFigure(PeerKind.Event, null, figures[1]),
                new PeerFigure(PeerKind.Rx, null, figures[2]),
                new PeerFigure(PeerKind.R3, null, figures[3]),
            ],
            goal
        );

    private static double[] InTurns(Shared[] contenders, Func<Shared, TimeSpan, (double Figure, bool Undisturbed)> measure)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            foreach (Shared contender in contenders)
            {
                measure(contender, WarmUpTime);
            }
        }

        var samples = contenders.ToDictionary(contender => contender, _ => new Samples());
        long begin = Stopwatch.GetTimestamp();
        for (
            int round = 0;
            samples.Values.Any(ofOne => ofOne.Undisturbed < Rounds) && (round < Rounds || Stopwatch.GetElapsedTime(begin) < LongestTurns);
            round++
        )
        {
            foreach (Shared contender in contenders)
            {
                (double figure, bool undisturbed) = measure(contender, RoundTime);
                samples[contender].Add(figure, undisturbed);
            }
        }

        return [.. contenders.Select(contender => samples[contender].Median)];
    }

    private static (double Figure, bool Undisturbed) SpeedUp(Shared contender, SecondThread second, TimeSpan time)
    {
        var timeOfOne = new ProcessorTime();
        long alone = contender.Emit(SecondThread.DeadlineIn(time));
        bool undisturbed = timeOfOne.WasEnoughFor(1);
        var timeOfBoth = new ProcessorTime();
        (long here, long there) = second.RunBoth(contender.Emit, contender.Emit, time);
        return ((double)(here + there) / alone, undisturbed && timeOfBoth.WasEnoughFor(2));
    }

    private static (double Figure, bool Undisturbed) RateBesideConnects(Shared contender, SecondThread second, TimeSpan time)
    {
        var timeOfBoth = new ProcessorTime();
        (long emissions, _) = second.RunBoth(contender.Emit, contender.ConnectAndDisconnect, time);
        return (emissions / time.TotalMicroseconds, timeOfBoth.WasEnoughFor(2));
    }

    /// <summary>A publisher that two threads use. Both loops receive the timestamp of their end.</summary>
    private sealed record Shared(Func<long, long> Emit, Func<long, long> ConnectAndDisconnect)
    {
        internal static Shared Of<TPublisher, THandle>(int count)
            where TPublisher : struct, IPublisher<TPublisher, THandle, int>
            where THandle : struct
        {
            Action<int>[] slots = PolymorphicSlots<int>.Get(count + 1);
            TPublisher publisher = PublisherFactory.CreateWith<TPublisher, THandle, int>(slots.AsSpan(0, count));
            return new Shared(
                deadline => TimedLoops.Emit<TPublisher, int>(publisher, deadline),
                deadline => TimedLoops.ConnectAndDisconnect<TPublisher, THandle, int>(publisher, slots[count], deadline)
            );
        }
    }
}
