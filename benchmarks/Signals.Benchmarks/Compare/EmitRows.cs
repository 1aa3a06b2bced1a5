using System.Numerics;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of an emission of an integer.</summary>
internal static class EmitRows
{
    private const int ManySlots = 10_000;
    private const int SlotsLeft = 10;

    /// <summary>The permitted ratio to an event that has no handler, which costs a fraction of a nanosecond.</summary>
    private const double Allowance = 1.5;

    internal static void AddTo(Table table)
    {
        // All are warmed up together, so that the profile of shared code includes every size and every method.
        Contender[] none = Emitting<int>(0, Polymorphic);
        Contender[] one = Emitting<int>(1, Polymorphic);
        int[] sizes = [2, .. Sizes.Several];
        Contender[][] several = [.. sizes.Select(size => Emitting<int>(size, Polymorphic))];
        Contender[] churned = EmittingChurned();
        Measure.WarmUp([.. none, .. one, .. several[0], .. several[1], .. churned]);

        Measure.InTurns(none);
        table.Add(Row.OfTimes("emit, no slot", none, Goal.AtMostTimes(PeerKind.Event, Allowance)));
        Measure.InTurns(one);
        table.Add(Row.OfTimes("emit, 1 slot", one, Goal.AtMostBestPeer));
        AddPerSlot(table, "emit, per slot", sizes, several);

        // Another type of value has separate code, whose profile includes only one method.
        Contender[][] ofOneMethod = [.. sizes.Select(size => Emitting<long>(size, static (count, _) => PolymorphicSlots<long>.GetOfOneMethod(count)))];
        Measure.WarmUp([.. ofOneMethod[0], .. ofOneMethod[1]]);
        AddPerSlot(table, "emit, per slot, one method", sizes, ofOneMethod);

        Measure.InTurns(churned);
        table.Add(Row.OfTimes("emit to 10 left of 10,000 slots", churned, Goal.AtMostBestPeer));
    }

    private static void AddPerSlot(Table table, string measure, int[] sizes, Contender[][] ofSizes)
    {
        foreach ((int size, Contender[] contenders) in sizes.Zip(ofSizes))
        {
            Measure.InTurns(contenders);
            table.Add(Row.OfTimes($"{measure}, {Sizes.Format(size)} slots", contenders, Goal.AtMostBestPeer));
        }
    }

    private static Action<int>[] Polymorphic(int count, int first) => PolymorphicSlots<int>.Get(count, first);

    private static Contender[] Emitting<T>(int count, Func<int, int, Action<T>[]> slots)
        where T : struct, IBinaryInteger<T> =>
        [
            Emitting<SignalPublisher<T>, ConnectionHandle, T>(count, slots),
            Emitting<EventPublisher<T>, EventSlot<T>, T>(count, slots),
            Emitting<SubjectPublisher<T>, Subscription, T>(count, slots),
            Emitting<ReactiveSubjectPublisher<T>, Subscription, T>(count, slots),
            Emitting<ArrayEmitter<T>, T>(PeerKind.Floor, "array", count, first => new ArrayEmitter<T>(slots(count, first))),
        ];

    private static Contender Emitting<TPublisher, THandle, T>(int count, Func<int, int, Action<T>[]> slots)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
        where T : struct, IBinaryInteger<T> =>
        Emitting<TPublisher, T>(TPublisher.Kind, null, count, first => PublisherFactory.CreateWith<TPublisher, THandle, T>(slots(count, first)));

    /// <summary>Uses another emitter in each round, so that a single slot has another method each time.</summary>
    private static Contender Emitting<TEmitter, T>(PeerKind kind, string? label, int count, Func<int, TEmitter> create)
        where TEmitter : struct, IEmitter<T>
        where T : struct, IBinaryInteger<T>
    {
        int variants = count == 1 ? PolymorphicSlots<T>.MethodCount : 1;
        TEmitter[] emitters = [.. Enumerable.Range(0, variants).Select(create)];
        int round = 0;
        return new Contender(kind, n => Loops.Emit<TEmitter, T>(emitters[round % emitters.Length], n), _ => round++)
        {
            Label = label,
            Operations = Math.Max(1, count),
        };
    }

    private static Contender[] EmittingChurned() =>
        [
            EmittingChurned<SignalPublisher<int>, ConnectionHandle>(),
            EmittingChurned<EventPublisher<int>, EventSlot<int>>(),
            EmittingChurned<SubjectPublisher<int>, Subscription>(),
            EmittingChurned<ReactiveSubjectPublisher<int>, Subscription>(),
        ];

    private static Contender EmittingChurned<TPublisher, THandle>()
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        TPublisher publisher = PublisherFactory.CreateChurned<TPublisher, THandle, int>(PolymorphicSlots<int>.Get(ManySlots), SlotsLeft);
        return new Contender(TPublisher.Kind, n => Loops.Emit<TPublisher, int>(publisher, n));
    }
}
