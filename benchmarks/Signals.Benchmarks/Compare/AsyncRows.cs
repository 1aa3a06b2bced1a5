using R3;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of asynchronous slots, and of emissions that await them.</summary>
internal static class AsyncRows
{
    private const int SlotCount = 10;
    private const int Queued = 1_000;

    internal static void AddTo(Table table)
    {
        Contender[] immediate = Immediate();
        using var ofSignal = new YieldingSlot();
        using var ofR3 = new YieldingSlot();
        Contender[] yielding = Yielding(ofSignal, ofR3);
        Contender[] sequential = Awaited(EmitMode.Sequential);
        Contender[] concurrent = Awaited(EmitMode.Concurrent);
        Measure.WarmUp([.. immediate, .. sequential, .. concurrent]);
        Measure.WarmUp(yielding);
        AddRows(table, "asynchronous slot that completes at once", immediate, Goal.AtMostBestPeer);
        AddRows(table, "asynchronous slot that yields, each of 1,000 queued", yielding, Goal.AtMostBestPeer);
        AddRows(table, "EmitAsync to 10 asynchronous slots, sequential; each", sequential, Goal.AtMostBestPeer);
        AddRows(table, "EmitAsync to 10 asynchronous slots, concurrent; each", concurrent, Goal.AtMostBestPeer);
    }

    private static void AddRows(Table table, string measure, Contender[] contenders, Goal goal)
    {
        Measure.InTurns(contenders);
        table.Add(Row.OfTimes(measure, contenders, goal));
        table.Add(Row.OfBytes(measure, contenders, goal));
    }

    private static Contender[] Immediate()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(static (_, _) => ValueTask.CompletedTask);
        var subject = new Subject<int>();
        subject.SubscribeAwait(static (_, _) => ValueTask.CompletedTask);
        return
        [
            new(PeerKind.Ours, n => Repeat(n, signal.Emit)) { UsesOtherThreads = true },
            new(PeerKind.R3, n => Repeat(n, subject.OnNext)) { Label = "SubscribeAwait", UsesOtherThreads = true },
        ];
    }

    private static Contender[] Yielding(YieldingSlot ofSignal, YieldingSlot ofR3)
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(ofSignal.RunAsync);
        var subject = new Subject<int>();
        subject.SubscribeAwait(ofR3.RunAsync);
        return [Yielding(PeerKind.Ours, null, ofSignal, signal.Emit), Yielding(PeerKind.R3, "SubscribeAwait", ofR3, subject.OnNext)];
    }

    private static Contender Yielding(PeerKind kind, string? label, YieldingSlot slot, Action<int> emit) =>
        new(
            kind,
            n =>
            {
                slot.Expect(n * Queued);
                Repeat(n * Queued, emit);
                slot.Wait();
            }
        )
        {
            Label = label,
            Operations = Queued,
            MostIterations = 1,
            UsesOtherThreads = true,
        };

    /// <summary>The peer is a loop that awaits the same delegates without connections.</summary>
    private static Contender[] Awaited(EmitMode mode)
    {
        Func<int, CancellationToken, ValueTask>[] slots =
        [
            .. PolymorphicSlots<int>
                .Get(SlotCount)
                .Select(slot =>
                    (Func<int, CancellationToken, ValueTask>)(
                        (value, _) =>
                        {
                            slot(value);
                            return ValueTask.CompletedTask;
                        }
                    )
                ),
        ];
        var signal = new Signal<int>();
        foreach (Func<int, CancellationToken, ValueTask> slot in slots)
        {
            signal.ConnectAsync(slot);
        }

        return
        [
            new(PeerKind.Ours, n => Repeat(n, value => signal.EmitAsync(value, mode).AsTask().Wait())) { Operations = SlotCount },
            new(PeerKind.Other, n => Repeat(n, value => AwaitAsync(slots, value, mode).Wait())) { Operations = SlotCount, Label = "WhenAll or loop" },
        ];
    }

    private static async Task AwaitAsync(Func<int, CancellationToken, ValueTask>[] slots, int value, EmitMode mode)
    {
        if (mode == EmitMode.Concurrent)
        {
            await Task.WhenAll(slots.Select(slot => slot(value, default).AsTask())).ConfigureAwait(false);
            return;
        }

        foreach (Func<int, CancellationToken, ValueTask> slot in slots)
        {
            await slot(value, default).ConfigureAwait(false);
        }
    }

    private static void Repeat(int times, Action<int> action)
    {
        for (int i = 0; i < times; i++)
        {
            action(0);
        }
    }

    /// <summary>An asynchronous slot that continues on the thread pool, with a count for which the emitting thread waits.</summary>
    private sealed class YieldingSlot : IDisposable
    {
        private readonly ManualResetEventSlim _reached = new();
        private int _remaining;

        internal void Expect(int calls)
        {
            _remaining = calls;
            _reached.Reset();
        }

        internal void Wait() => _reached.Wait(TimeSpan.FromSeconds(10));

        internal async ValueTask RunAsync(int value, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (Interlocked.Decrement(ref _remaining) == 0)
            {
                _reached.Set();
            }
        }

        public void Dispose() => _reached.Dispose();
    }
}
