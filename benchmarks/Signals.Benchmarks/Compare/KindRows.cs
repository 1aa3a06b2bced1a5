using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of questions, and of emissions of a signal whose connections are in groups.</summary>
internal static class KindRows
{
    private const int SlotCount = 10;

    internal static void AddTo(Table table)
    {
        Contender[] asking = Asking();
        Contender[] grouped = Grouped();
        Measure.WarmUp([.. asking, .. grouped]);
        Measure.InTurns(asking);
        table.Add(Row.OfTimes("query with 10 slots, sum; each", asking, Goal.AtMostBestPeer));
        table.Add(Row.OfBytes("query with 10 slots, sum; each", asking, Goal.AtMostBestPeer));
        Measure.InTurns(grouped);
        table.Add(Row.OfTimes("emit, per slot, 10 slots in two groups", grouped, Goal.AtMostBestPeer));
        table.Add(Row.OfBytes("emit, per slot, 10 slots in two groups", grouped, Goal.AtMost(0)));
    }

    private static Contender[] Asking()
    {
        var query = new Query<int, int>();
        Func<int, int>? handlers = null;
        foreach (Func<int, int> slot in EightMethods.OfQuestions(SlotCount))
        {
            query.Connect(slot);
            handlers += slot;
        }

        return
        [
            new(PeerKind.Ours, n => _ = Repeat(n, value => query.Ask(value, Combine.Sum<int>()))) { Operations = SlotCount },
            new(PeerKind.Event, n => _ = Repeat(n, value => Sum(handlers!, value))) { Operations = SlotCount, Label = "invocation list" },
        ];
    }

    private static Contender[] Grouped()
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(SlotCount);
        var signal = new Signal<int>();
        for (int i = 0; i < slots.Length; i++)
        {
            signal.Connect(slots[i], new ConnectOptions { Group = i % 2 });
        }

        var publisher = new SignalPublisher<int>(signal);
        EventPublisher<int> handlers = PublisherFactory.CreateWith<EventPublisher<int>, EventSlot<int>, int>(slots);
        SubjectPublisher<int> subject = PublisherFactory.CreateWith<SubjectPublisher<int>, Subscription, int>(slots);
        return
        [
            new(PeerKind.Ours, n => Loops.Emit<SignalPublisher<int>, int>(publisher, n)) { Operations = SlotCount },
            new(PeerKind.Event, n => Loops.Emit<EventPublisher<int>, int>(handlers, n)) { Operations = SlotCount, Label = "ungrouped" },
            new(PeerKind.Rx, n => Loops.Emit<SubjectPublisher<int>, int>(subject, n)) { Operations = SlotCount, Label = "ungrouped" },
        ];
    }

    private static int Sum(Func<int, int> handlers, int value)
    {
        int sum = 0;
        foreach (Func<int, int> handler in Delegate.EnumerateInvocationList(handlers))
        {
            sum += handler(value);
        }

        return sum;
    }

    private static int Repeat(int times, Func<int, int> action)
    {
        int sum = 0;
        for (int i = 0; i < times; i++)
        {
            sum += action(i);
        }

        return sum;
    }
}
