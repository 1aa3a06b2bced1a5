using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of a connect and a disconnect beside connections that stay.</summary>
internal static class ConnectAndDisconnectRows
{
    private static readonly int[] OtherSlots = [0, 1, 2, 10, 1_000];

    internal static void AddTo(Table table)
    {
        Contender[][] ofCounts =
        [
            .. OtherSlots.Select(others =>
                (Contender[])
                    [
                        ComingAndGoing<SignalPublisher<int>, ConnectionHandle>(others),
                        ComingAndGoing<EventPublisher<int>, EventSlot<int>>(others),
                        ComingAndGoing<SubjectPublisher<int>, Subscription>(others),
                        ComingAndGoing<ReactiveSubjectPublisher<int>, Subscription>(others),
                    ]
            ),
        ];
        Measure.WarmUp([.. ofCounts.SelectMany(contenders => contenders)]);
        foreach ((int others, Contender[] contenders) in OtherSlots.Zip(ofCounts))
        {
            Measure.InTurnsCollecting(contenders);
            string name = others == 1 ? "connect + disconnect beside 1 other" : $"connect + disconnect beside {Sizes.Format(others)} others";
            table.Add(Row.OfTimes(name, contenders, Goal.AtMostBestPeer));
            table.Add(Row.OfBytes(name, contenders, Goal.AtMost(32)));
        }
    }

    private static Contender ComingAndGoing<TPublisher, THandle>(int others)
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount);
        TPublisher publisher = PublisherFactory.CreateWith<TPublisher, THandle, int>(PolymorphicSlots<int>.Get(others));
        return new Contender(TPublisher.Kind, n => Loops.ConnectAndDisconnect<TPublisher, THandle, int>(publisher, slots, n));
    }
}
