using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>Actions that are posted to evaluators.</summary>
public sealed class PostTests
{
    private readonly List<string> _log = [];

    [SetUp]
    public void Clear() => _log.Clear();

    [Test]
    public void E2_a_posted_action_runs_once_in_order_with_deferred_slots()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, value => _log.Add($"slot {value}"));
        signal.Emit(1);
        evaluator.Post(() =>
        {
            _log.Add("posted");
            evaluator.Post(() => _log.Add("posted inside"));
        });
        signal.Emit(2);

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((3, 3)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
        Assert.That(_log, Is.EqualTo(["slot 1", "posted", "slot 2", "posted inside"]));
    }

    [Test]
    public void E1_a_posted_action_notifies_the_evaluator()
    {
        int added = 0;
        using var evaluator = new ObservedEvaluator { Added = () => added++ };
        evaluator.Post(() => { });

        Assert.That(added, Is.EqualTo(1));
    }

    [Test]
    public void E3_a_posted_action_that_is_disposed_does_not_run()
    {
        using var evaluator = new ConnectionEvaluator();
        IDisposable posted = evaluator.Post(() => _log.Add("taken back"));
        IDisposable late = evaluator.Post(() => _log.Add("run"));
        posted.Dispose();
        posted.Dispose();

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((1, 1)));
        Assert.That(late.Dispose, Throws.Nothing);
        Assert.That(_log, Is.EqualTo(["run"]));
    }

    [Test]
    public void E5_the_evaluation_throws_the_exception_of_a_posted_action_and_runs_the_rest()
    {
        using var evaluator = new ConnectionEvaluator();
        var expected = new InvalidOperationException("posted");
        evaluator.Post(() => throw expected);
        evaluator.Post(() => _log.Add("rest"));

        Assert.That(evaluator.EvaluateDeferredConnections, Throws.Exception.SameAs(expected));
        Assert.That(_log, Is.EqualTo(["rest"]));
    }

    [Test]
    public void E8_posting_to_a_disposed_evaluator_does_nothing_and_disposing_drops_the_action()
    {
        var evaluator = new ConnectionEvaluator();
        IDisposable before = evaluator.Post(() => _log.Add("before"));
        evaluator.Dispose();
        IDisposable after = evaluator.Post(() => _log.Add("after"));

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((0, 0)));
        Assert.That(before.Dispose, Throws.Nothing);
        Assert.That(after.Dispose, Throws.Nothing);
        Assert.That(_log, Is.Empty);
    }

    [Test]
    public void E9_a_posted_action_is_queued_beyond_the_capacity_and_never_waits([Values] BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = mode });
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, value => _log.Add($"slot {value}"));
        signal.Emit(1);
        var poster = new Worker(() => evaluator.Post(() => _log.Add("posted")));
        poster.Join();

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((2, 0L)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(_log, Is.EqualTo(["slot 1", "posted"]));
    }

    [TestCase(BoundedChannelFullMode.DropOldest, "posted 1", "posted 2", "slot 3")]
    [TestCase(BoundedChannelFullMode.DropNewest, "posted 1", "posted 2", "slot 3")]
    [TestCase(BoundedChannelFullMode.DropWrite, "slot 1", "posted 1", "posted 2")]
    public void E9_a_posted_action_is_not_dropped_in_favor_of_others(BoundedChannelFullMode mode, params string[] expected)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = mode });
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, value => _log.Add($"slot {value}"));
        signal.Emit(1);
        evaluator.Post(() => _log.Add("posted 1"));
        signal.Emit(2);
        evaluator.Post(() => _log.Add("posted 2"));
        signal.Emit(3);

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((3, 2L)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(expected));
    }

    [TestCase(BoundedChannelFullMode.DropOldest)]
    [TestCase(BoundedChannelFullMode.DropNewest)]
    public void E9_with_only_posted_actions_queued_one_invocation_exceeds_the_capacity(BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 2, FullMode = mode });
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, value => _log.Add($"slot {value}"));
        for (int i = 0; i < 3; i++)
        {
            evaluator.Post(() => _log.Add("posted"));
        }

        for (int i = 0; i < 100; i++)
        {
            signal.Emit(i);
        }

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((4, 99L)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["posted", "posted", "posted", "slot 99"]));
    }

    [Test]
    public void E9_null_is_refused()
    {
        using var evaluator = new ConnectionEvaluator();
        Assert.That(() => evaluator.Post(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("action"));
    }
}
