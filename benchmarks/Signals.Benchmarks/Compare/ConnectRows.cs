using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of a connect to a new publisher.</summary>
internal static class ConnectRows
{
    /// <summary>The maximum number of connects in a round: their allocations must not fill the nursery.</summary>
    private const int MostConnects = 20_000;

    internal static void AddTo(Table table)
    {
        Contender[] first = Connecting(1);
        Contender[][] several = [.. Sizes.Several.Select(Connecting)];
        Measure.WarmUp([.. first, .. several[0], .. several[1]]);

        Measure.InTurnsCollecting(first);
        table.Add(Row.OfTimes("connect, a signal's very first", first, Goal.AtMostTimes(PeerKind.Event, 1.5)));
        table.Add(Row.OfBytes("connect, a signal's very first", first, Goal.AtMost(24)));
        foreach ((int size, Contender[] contenders) in Sizes.Several.Zip(several))
        {
            Measure.InTurnsCollecting(contenders);
            string measure = $"connect, each of {Sizes.Format(size)}";
            table.Add(Row.OfTimes(measure, contenders, Goal.AtMostBestPeer));
            table.Add(Row.OfBytes(measure, contenders, Goal.AtMost(48)));
        }
    }

    private static Contender[] Connecting(int count) =>
        [
            Connecting<SignalPublisher<int>, ConnectionHandle>(count),
            Connecting<EventPublisher<int>, EventSlot<int>>(count),
            Connecting<SubjectPublisher<int>, Subscription>(count),
            Connecting<ReactiveSubjectPublisher<int>, Subscription>(count),
        ];

    private static Contender Connecting<TPublisher, THandle>(int count)
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(count);
        TPublisher[] publishers = [];
        THandle[] handles = [];
        return new Contender(
            TPublisher.Kind,
            _ => Loops.Connect(publishers, slots, handles),
            n =>
            {
                publishers = [.. Enumerable.Range(0, n).Select(_ => TPublisher.Create())];
                handles = new THandle[n * count];
            }
        )
        {
            Operations = count,
            MostIterations = MostConnects / count,
        };
    }
}
