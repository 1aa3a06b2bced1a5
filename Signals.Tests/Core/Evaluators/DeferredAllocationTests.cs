using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class DeferredAllocationTests
{
    private const int WarmUp = 300;
    private const int Rounds = 200;

    [TestCase(1)]
    [TestCase(100)]
    public void E7_value_types_are_queued_and_run_without_allocating(int invocations)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<long, decimal>();
        decimal sum = 0;
        signal.ConnectDeferred(evaluator, (number, factor) => sum += number * factor);

        long bytes = AllocatedBytes(() => signal.Emit(2, 1.5m), evaluator, invocations);

        Assert.That(bytes, Is.Zero);
        Assert.That(sum, Is.EqualTo(3m * invocations * (WarmUp + Rounds)));
    }

    [TestCase(1)]
    [TestCase(100)]
    public void E7_references_are_queued_and_run_without_allocating(int invocations)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<string>();
        int length = 0;
        signal.ConnectDeferred(evaluator, (string value) => length += value.Length);
        signal.ConnectDeferredReflective(evaluator, (_, value) => length += value.Length);

        long bytes = AllocatedBytes(() => signal.Emit("ab"), evaluator, invocations);

        Assert.That(bytes, Is.Zero);
        Assert.That(length, Is.EqualTo(4 * invocations * (WarmUp + Rounds)));
    }

    [TestCase(1)]
    [TestCase(100)]
    public void E7_latest_only_allocates_nothing(int invocations)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferredLatest(evaluator, (int _) => calls++);

        long bytes = AllocatedBytes(() => signal.Emit(1), evaluator, invocations);

        Assert.That(bytes, Is.Zero);
        Assert.That(calls, Is.EqualTo(WarmUp + Rounds));
    }

    [Test]
    public void E7_a_bounded_queue_allocates_nothing_in_any_mode([Values] BoundedChannelFullMode mode, [Values(1, 100)] int invocations)
    {
        // The thread both emits and evaluates, so no other thread would make room for it.
        int capacity = mode == BoundedChannelFullMode.Wait ? 500 : 10;
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = capacity, FullMode = mode });
        var numbers = new Signal<int>();
        var texts = new Signal<string>();
        int calls = 0;
        numbers.ConnectDeferred(evaluator, _ => calls++);
        texts.ConnectDeferred(evaluator, _ => calls++);

        long bytes = AllocatedBytes(
            () =>
            {
                numbers.Emit(1);
                texts.Emit("a");
            },
            evaluator,
            invocations
        );

        Assert.That(bytes, Is.Zero);
        Assert.That(calls, Is.EqualTo(Math.Min(2 * invocations, capacity) * (WarmUp + Rounds)));
    }

    [TestCase(BoundedChannelFullMode.DropNewest)]
    [TestCase(BoundedChannelFullMode.DropOldest)]
    [TestCase(BoundedChannelFullMode.DropWrite)]
    public void E7_dropping_without_ever_evaluating_allocates_nothing(BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 10, FullMode = mode });
        var signal = new Signal<string>();
        signal.ConnectDeferred(evaluator, (string _) => { });

        for (int i = 0; i < 1000; i++)
        {
            signal.Emit("a");
        }

        Assert.That(Allocations.Of(1000, () => signal.Emit("a")), Is.Zero);
        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((10, 1990L)));
    }

    private static long AllocatedBytes(Action emit, ConnectionEvaluator evaluator, int invocations)
    {
        Repeat(WarmUp, emit, evaluator, invocations);
        return Allocations.Of(() => Repeat(Rounds, emit, evaluator, invocations));
    }

    private static void Repeat(int rounds, Action emit, ConnectionEvaluator evaluator, int invocations)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < invocations; i++)
            {
                emit();
            }

            evaluator.EvaluateDeferredConnections();
        }
    }
}
