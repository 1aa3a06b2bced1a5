using NUnit.Framework;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>A7: slots that complete synchronously allocate nothing.</summary>
public sealed class AsyncAllocationTests
{
    private static int _calls;

    [Test]
    public void A7_slot_that_completes_synchronously_allocates_nothing([Values] AsyncSlotMode mode, [Values] bool hasCapacity)
    {
        var signal = new Signal<string>();
        signal.ConnectAsync(Count, Options(mode, hasCapacity));
        AssertAllocatesNothing(() => signal.Emit("text"));
    }

    [Test]
    public void A7_deferred_slot_that_completes_synchronously_allocates_nothing([Values] AsyncSlotMode mode, [Values] bool hasCapacity)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<string>();
        signal.ConnectDeferredAsync(evaluator, Count, Options(mode, hasCapacity));
        AssertAllocatesNothing(() =>
        {
            signal.Emit("text");
            evaluator.EvaluateDeferredConnections();
        });
    }

    [Test]
#if DEBUG
    [Ignore("In debug builds, the compiler makes the state machines of async methods classes.")]
#endif
    public void A7_asynchronous_emission_of_slots_that_complete_synchronously_allocates_nothing([Values] EmitMode mode, [Values] bool canBeCanceled)
    {
        using var cancellation = new CancellationTokenSource();
        CancellationToken token = canBeCanceled ? cancellation.Token : default;
        var signal = new Signal<string>();
        signal.ConnectAsync(Count);
        signal.ConnectAsync(Count, new AsyncSlotOptions { Mode = AsyncSlotMode.Switch });
        signal.Connect(_ => _calls++);
        AssertAllocatesNothing(() =>
        {
            ValueTask emitted = signal.EmitAsync("text", mode, token);
            emitted.GetAwaiter().GetResult();
        });
    }

    private static AsyncSlotOptions Options(AsyncSlotMode mode, bool hasCapacity) => new() { Mode = mode, Capacity = hasCapacity ? 4 : null };

    private static ValueTask Count(string text, CancellationToken token)
    {
        _calls++;
        return default;
    }

    private static void AssertAllocatesNothing(Action emit)
    {
        for (int i = 0; i < 100; i++)
        {
            emit();
        }

        // What the runtime needs once, when it compiles a method again, is no part of an emission.
        long allocated = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            int before = _calls;
            long bytes = Allocations.Of(() =>
            {
                for (int i = 0; i < 100; i++)
                {
                    emit();
                }
            });
            Assert.That(_calls, Is.GreaterThanOrEqualTo(before + 100));
            allocated = Math.Min(allocated, bytes);
        }

        Assert.That(allocated, Is.Zero);
    }
}
