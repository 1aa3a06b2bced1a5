using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class DeferredBlockingTests
{
    [Test]
    public void E6_an_emission_while_blocked_queues_nothing()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, seen.Add);

        handle.Block(true);
        signal.Emit(1);
        handle.Block(false);
        signal.Emit(2);

        Assert.That(evaluator.PendingCount, Is.EqualTo(1));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([2]));
    }

    [Test]
    public void E6_invocations_queued_before_blocking_still_run()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, seen.Add);
        signal.Emit(1);

        handle.Block(true);

        Assert.That(evaluator.PendingCount, Is.EqualTo(1));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([1]));
        Assert.That(handle.IsBlocked, Is.True);
    }

    [Test]
    public void E6_blocking_during_an_evaluation_does_not_skip_queued_invocations()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferredReflective(
            evaluator,
            (ConnectionHandle self, int value) =>
            {
                self.Block(true);
                signal.Emit(value + 10);
                seen.Add(value);
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(evaluator.PendingCount, Is.Zero);
        Assert.That(seen, Is.EqualTo([1, 2]));
    }
}
