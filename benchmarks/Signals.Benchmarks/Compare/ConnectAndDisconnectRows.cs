using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of a connect and a disconnect beside many connections that stay.</summary>
internal static class ConnectAndDisconnectRows
{
    private const int OtherSlots = 1_000;

    internal static void AddTo(Table table)
    {
        Contender[] contenders =
        [
            ComingAndGoing<SignalPublisher<int>, ConnectionHandle>(),
            ComingAndGoing<EventPublisher<int>, EventSlot<int>>(),
            ComingAndGoing<SubjectPublisher<int>, Subscription>(),
            Baseline.Create(),
        ];
        Measure.WarmUp(contenders);
        Measure.InTurnsCollecting(contenders);
        const string Name = "connect + disconnect beside 1,000 others";
        table.Add(Row.OfTimes(Name, contenders, Goal.AtMostScaled(57, Baseline.SlownessOf(contenders))));
        table.Add(Row.OfBytes(Name, contenders, Goal.AtMost(32)));
    }

    private static Contender ComingAndGoing<TPublisher, THandle>()
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount);
        TPublisher publisher = PublisherFactory.CreateWith<TPublisher, THandle, int>(PolymorphicSlots<int>.Get(OtherSlots));
        return new Contender(TPublisher.Kind, n => Loops.ConnectAndDisconnect<TPublisher, THandle, int>(publisher, slots, n));
    }
}
