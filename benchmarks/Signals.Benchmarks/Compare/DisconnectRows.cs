using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of a disconnect if all connections end, one by one, in random order.</summary>
internal static class DisconnectRows
{
    private const int MostDisconnects = 50_000;

    internal static void AddTo(Table table)
    {
        Contender[][] several = [.. Sizes.Several.Select(Disconnecting)];
        Measure.WarmUp([.. several[0], .. several[1]]);
        foreach ((int size, Contender[] contenders) in Sizes.Several.Zip(several))
        {
            Measure.InTurnsCollecting(contenders);
            string measure = $"disconnect in random order, each of {Sizes.Format(size)}";
            table.Add(Row.OfTimes(measure, contenders, Goal.AtMostBestPeer));
            table.Add(Row.OfBytes(measure, contenders, Goal.AtMost(0)));
        }
    }

    private static Contender[] Disconnecting(int count) =>
        [
            Disconnecting<SignalPublisher<int>, ConnectionHandle>(count),
            Disconnecting<EventPublisher<int>, EventSlot<int>>(count),
            Disconnecting<SubjectPublisher<int>, Subscription>(count),
            Disconnecting<ReactiveSubjectPublisher<int>, Subscription>(count),
        ];

    private static Contender Disconnecting<TPublisher, THandle>(int count)
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(count);
        (TPublisher[] Publishers, THandle[] Handles) prepared = ([], []);
        return new Contender(
            TPublisher.Kind,
            _ => Loops.Disconnect<TPublisher, THandle, int>(prepared.Publishers, prepared.Handles),
            n => prepared = PublisherFactory.CreateToDrain<TPublisher, THandle, int>(n, slots)
        )
        {
            Operations = count,
            MostIterations = MostDisconnects / count,
        };
    }
}
