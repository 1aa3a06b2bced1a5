using System.Reactive.Subjects;
using Signals.Benchmarks.Publishers;
using Block = Signals.Benchmarks.EightMethods.Block;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of emissions of other arguments than integers: a reference, a large struct, two arguments, and all of them in one program.</summary>
internal static class ArgumentRows
{
    private static readonly int[] Counts = [1, 2, 10, 1_000];

    internal static void AddTo(Table table)
    {
        Contender[][] ofText = [.. Counts.Select(Text)];
        Contender[][] ofBlocks = [.. Counts.Select(Blocks)];
        Contender[][] ofPairs = [.. Counts.Select(Pairs)];
        Contender[] mixed = Mixed();
        Measure.WarmUp([.. ofText.SkipLast(1).SelectMany(one => one)]);
        Measure.WarmUp([.. ofBlocks.SkipLast(1).SelectMany(one => one)]);
        Measure.WarmUp([.. ofPairs.SkipLast(1).SelectMany(one => one)]);
        Measure.WarmUp(mixed);
        Add(table, "emit, per slot, string", ofText);
        Add(table, "emit, per slot, struct of 32 bytes", ofBlocks);
        Add(table, "emit, per slot, string and int", ofPairs);
        Measure.InTurns(mixed);
        table.Add(Row.OfTimes("emit, per slot, all four arguments in turns, 10 slots", mixed, Goal.AtMostBestPeer));
    }

    private static void Add(Table table, string measure, Contender[][] ofCounts)
    {
        foreach ((int count, Contender[] contenders) in Counts.Zip(ofCounts))
        {
            Measure.InTurns(contenders);
            string slots = count == 1 ? "1 slot" : $"{Sizes.Format(count)} slots";
            table.Add(Row.OfTimes($"{measure}, {slots}", contenders, Goal.AtMostBestPeer));
        }
    }

    private static Contender[] Text(int count)
    {
        (TextEmissions.OfSignal signal, TextEmissions.OfEvent handlers, TextEmissions.OfRx rx, TextEmissions.OfR3 r3) = TextPublishers(count);
        return Contenders(count, signal, handlers, rx, r3, new TextEmissions.OfArray(EightMethods.OfText(count)));
    }

    private static Contender[] Blocks(int count) =>
        Contenders(
            count,
            BlocksOf<SignalPublisher<Block>, ConnectionHandle>(count),
            BlocksOf<EventPublisher<Block>, EventSlot<Block>>(count),
            BlocksOf<SubjectPublisher<Block>, Subscription>(count),
            BlocksOf<ReactiveSubjectPublisher<Block>, Subscription>(count),
            new FixedEmission<ArrayEmitter<Block>, Block>(new ArrayEmitter<Block>(EightMethods.OfBlocks(count)))
        );

    private static Contender[] Pairs(int count)
    {
        (PairEmissions.OfSignal signal, PairEmissions.OfEvent handlers, PairEmissions.OfRx rx, PairEmissions.OfR3 r3) = PairPublishers(count);
        return Contenders(count, signal, handlers, rx, r3, new PairEmissions.OfArray(EightMethods.OfPairs(count)));
    }

    private static Contender[] Mixed()
    {
        const int Count = 10;
        (TextEmissions.OfSignal textSignal, TextEmissions.OfEvent textEvent, TextEmissions.OfRx textRx, TextEmissions.OfR3 textR3) = TextPublishers(Count);
        (PairEmissions.OfSignal pairSignal, PairEmissions.OfEvent pairEvent, PairEmissions.OfRx pairRx, PairEmissions.OfR3 pairR3) = PairPublishers(Count);
        return Contenders(
            4 * Count,
            Mix(
                IntegersOf<SignalPublisher<int>, ConnectionHandle>(Count),
                textSignal,
                BlocksOf<SignalPublisher<Block>, ConnectionHandle>(Count),
                pairSignal
            ),
            Mix(IntegersOf<EventPublisher<int>, EventSlot<int>>(Count), textEvent, BlocksOf<EventPublisher<Block>, EventSlot<Block>>(Count), pairEvent),
            Mix(IntegersOf<SubjectPublisher<int>, Subscription>(Count), textRx, BlocksOf<SubjectPublisher<Block>, Subscription>(Count), pairRx),
            Mix(
                IntegersOf<ReactiveSubjectPublisher<int>, Subscription>(Count),
                textR3,
                BlocksOf<ReactiveSubjectPublisher<Block>, Subscription>(Count),
                pairR3
            ),
            Mix(
                new FixedEmission<ArrayEmitter<int>, int>(new ArrayEmitter<int>(PolymorphicSlots<int>.Get(Count))),
                new TextEmissions.OfArray(EightMethods.OfText(Count)),
                new FixedEmission<ArrayEmitter<Block>, Block>(new ArrayEmitter<Block>(EightMethods.OfBlocks(Count))),
                new PairEmissions.OfArray(EightMethods.OfPairs(Count))
            )
        );
    }

    private static MixedEmission<T1, T2, T3, T4> Mix<T1, T2, T3, T4>(T1 first, T2 second, T3 third, T4 fourth)
        where T1 : struct, IEmission
        where T2 : struct, IEmission
        where T3 : struct, IEmission
        where T4 : struct, IEmission => new(first, second, third, fourth);

    private static (TextEmissions.OfSignal, TextEmissions.OfEvent, TextEmissions.OfRx, TextEmissions.OfR3) TextPublishers(int count)
    {
        var signal = new Signal<string>();
        var handlers = new EventOwner<string>();
        var rx = new Subject<string>();
        var r3 = new R3.Subject<string>();
        foreach (Action<string> slot in EightMethods.OfText(count))
        {
            signal.Connect(slot);
            handlers.Raised += slot;
            rx.Subscribe(slot);
            R3.ObservableSubscribeExtensions.Subscribe(r3, slot);
        }

        return (new(signal), new(handlers), new(rx), new(r3));
    }

    private static (PairEmissions.OfSignal, PairEmissions.OfEvent, PairEmissions.OfRx, PairEmissions.OfR3) PairPublishers(int count)
    {
        var signal = new Signal<string, int>();
        var handlers = new PairEmissions.PairOwner();
        foreach (Action<string, int> slot in EightMethods.OfPairs(count))
        {
            signal.Connect(slot);
            handlers.Raised += slot;
        }

        var rx = new Subject<(string Text, int Number)>();
        var r3 = new R3.Subject<(string Text, int Number)>();
        foreach (Action<(string Text, int Number)> slot in EightMethods.OfTuples(count))
        {
            rx.Subscribe(slot);
            R3.ObservableSubscribeExtensions.Subscribe(r3, slot);
        }

        return (new(signal), new(handlers), new(rx), new(r3));
    }

    private static FixedEmission<TPublisher, Block> BlocksOf<TPublisher, THandle>(int count)
        where TPublisher : struct, IPublisher<TPublisher, THandle, Block>
        where THandle : struct => new(PublisherFactory.CreateWith<TPublisher, THandle, Block>(EightMethods.OfBlocks(count)));

    private static FixedEmission<TPublisher, int> IntegersOf<TPublisher, THandle>(int count)
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct => new(PublisherFactory.CreateWith<TPublisher, THandle, int>(PolymorphicSlots<int>.Get(count)));

    private static Contender[] Contenders<TSignal, TEvent, TRx, TR3, TArray>(int operations, TSignal signal, TEvent handlers, TRx rx, TR3 r3, TArray array)
        where TSignal : struct, IEmission
        where TEvent : struct, IEmission
        where TRx : struct, IEmission
        where TR3 : struct, IEmission
        where TArray : struct, IEmission =>
        [
            new(PeerKind.Ours, n => Loops.Emit(signal, n)) { Operations = operations },
            new(PeerKind.Event, n => Loops.Emit(handlers, n)) { Operations = operations },
            new(PeerKind.Rx, n => Loops.Emit(rx, n)) { Operations = operations },
            new(PeerKind.R3, n => Loops.Emit(r3, n)) { Operations = operations },
            new(PeerKind.Floor, n => Loops.Emit(array, n)) { Operations = operations, Label = "array" },
        ];
}
