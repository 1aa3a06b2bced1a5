using System.Diagnostics;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>Evaluators release the memory of a burst when later rounds are small.</summary>
public sealed class BurstMemoryTests
{
    private const int Burst = 200_000;

    [Test]
    public void E2_evaluator_releases_the_memory_of_a_burst_while_rounds_stay_small()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferred(evaluator, (int _) => calls++);
        for (int i = 0; i < Burst; i++)
        {
            signal.Emit(i);
        }

        evaluator.EvaluateDeferredConnections();
        long withBurst = Garbage.RetainedBytes();

        // Half of an array with this many elements exceeds this size.
        const long aHalf = Burst * 16L / 2;
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        while (Garbage.RetainedBytes() > withBurst - aHalf)
        {
            Assert.That(watch.Elapsed, Is.LessThan(Bounded.Limit), "The memory of the burst was not released.");
            signal.Emit(0);
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
            rounds++;
        }

        signal.Emit(0);
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(calls, Is.EqualTo(Burst + rounds + 1));
    }
}
