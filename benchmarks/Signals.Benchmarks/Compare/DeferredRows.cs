using Signals.Benchmarks.Deferred;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of queuing an invocation and running it later on the same thread.</summary>
internal static class DeferredRows
{
    private const int Batch = 100;

    internal static void AddTo(Table table)
    {
        using var signals = new DeferredSignals<int>(PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount));
        var channel = new ChannelOfCalls<int>(PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount));
        Contender[] single = Deferring(signals, channel, 1);
        Contender[] batched = Deferring(signals, channel, Batch);
        Measure.WarmUp([.. single, .. batched]);
        AddRows(table, "deferred: emit, evaluate", single, 0.9);
        AddRows(table, "deferred: emit 100 times, evaluate; each", batched, 0.5);
    }

    private static void AddRows(Table table, string measure, Contender[] contenders, double times)
    {
        Measure.InTurns(contenders);
        table.Add(Row.OfTimes(measure, contenders, Goal.AtMostTimesBestPeer(times)));
        table.Add(Row.OfBytes(measure, contenders, Goal.AtMost(0)));
    }

    private static Contender[] Deferring(DeferredSignals<int> signals, ChannelOfCalls<int> channel, int batch) =>
        [
            new Contender(PeerKind.Ours, n => signals.EmitAndEvaluate(n, batch)) { Operations = batch },
            new Contender(PeerKind.Other, n => channel.WriteAndRun(n, batch)) { Operations = batch, Label = "Channel" },
        ];
}
