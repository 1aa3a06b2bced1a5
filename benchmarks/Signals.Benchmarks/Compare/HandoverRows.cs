using System.Reactive.Concurrency;
using Signals.Benchmarks.Deferred;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of an invocation that another thread runs while this one continues to emit, until the last one has run.</summary>
internal static class HandoverRows
{
    private const int Items = 100_000;

    internal static void AddTo(Table table)
    {
        using var slots = new CountingSlots();
        using var awaited = new DeferredSignals<int>(slots.Slots);
        using var threaded = new DeferredSignals<int>(slots.Slots, new ThreadEvaluator());
        var channel = new ChannelOfCalls<int>(slots.Slots);
        using var loop = new ObservedSubject(slots.Slots, new EventLoopScheduler());
        using var pool = new ObservedSubject(slots.Slots, TaskPoolScheduler.Default);
        using var observed = new ObservedReactiveSubject(slots.Slots);
        Task evaluating = Task.Run(awaited.EvaluateUntilDisposedAsync);
        Task running = Task.Run(channel.RunUntilCompletedAsync);

        Contender[] contenders =
        [
            HandingOver(PeerKind.Ours, null, awaited.Emit, slots),
            HandingOver(PeerKind.Rx, "TaskPool", pool.Emit, slots),
            HandingOver(PeerKind.Rx, "EventLoop", loop.Emit, slots),
            HandingOver(PeerKind.R3, "ThreadPool", observed.Emit, slots),
            HandingOver(PeerKind.Other, "Channel", channel.Write, slots),
        ];
        Contender ofThread = HandingOver(PeerKind.Ours, null, threaded.Emit, slots);
        Contender[] all = [.. contenders, ofThread];
        Measure.WarmUp(all);
        Measure.InTurns(all);
        AddRows(table, "deferred to an awaiting thread, each", contenders);
        AddRows(table, "deferred to a ThreadEvaluator, each", [ofThread, .. contenders[1..]]);

        channel.Complete();
        awaited.Dispose();
        Task.WaitAll(evaluating, running);
    }

    private static void AddRows(Table table, string measure, Contender[] contenders)
    {
        table.Add(Row.OfTimes(measure, contenders, Goal.AtMostTimesBestPeer(0.6)));
        table.Add(Row.OfBytes(measure, contenders, Goal.AtMost(0)));
    }

    private static Contender HandingOver(PeerKind kind, string? label, Action<int> emit, CountingSlots slots) =>
        new(
            kind,
            n =>
            {
                emit(n * Items);
                slots.Wait();
            },
            n => slots.Expect(n * Items)
        )
        {
            Label = label,
            Operations = Items,
            MostIterations = 1,
            UsesOtherThreads = true,
        };
}
