using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class EvaluationTests
{
    [Test]
    public void E1_arguments_are_those_of_the_emission_for_every_arity()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal0 = new Signal();
        var signal1 = new Signal<int>();
        var signal2 = new Signal<int, string>();
        var signal3 = new Signal<int, string, double>();
        var signal4 = new Signal<int, string, double, object?>();
        var seen = new List<object?>();
        signal0.ConnectDeferred(evaluator, () => seen.Add("none"));
        signal1.ConnectDeferred(evaluator, (int a) => seen.Add(a));
        signal2.ConnectDeferred(evaluator, (int a, string b) => seen.Add((a, b)));
        signal3.ConnectDeferred(evaluator, (int a, string b, double c) => seen.Add((a, b, c)));
        signal4.ConnectDeferred(evaluator, (int a, string b, double c, object? d) => seen.Add((a, b, c, d)));

        signal4.Emit(5, "f", 6.5, null);
        signal3.Emit(3, "d", 4.5);
        signal2.Emit(2, "c");
        signal1.Emit(1);
        signal0.Emit();
        signal1.Emit(-1);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(6));
        Assert.That(seen, Is.EqualTo<object?>([(5, "f", 6.5, (object?)null), (3, "d", 4.5), (2, "c"), 1, "none", -1]));
    }

    [Test]
    public void E2_evaluation_runs_in_queue_order_across_signals_and_argument_types()
    {
        using var evaluator = new ConnectionEvaluator();
        var numbers = new Signal<int>();
        var texts = new Signal<string>();
        var seen = new List<string>();
        numbers.ConnectDeferred(evaluator, (int value) => seen.Add($"first {value}"));
        texts.ConnectDeferred(evaluator, (string value) => seen.Add(value));
        numbers.ConnectDeferred(evaluator, (int value) => seen.Add($"second {value}"));

        texts.Emit("a");
        numbers.Emit(1);
        texts.Emit("b");
        numbers.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(6));
        Assert.That(seen, Is.EqualTo(["a", "first 1", "second 1", "b", "first 2", "second 2"]));
    }

    [Test]
    public void E2_evaluation_runs_on_the_calling_thread_and_only_once()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        var threads = new List<int>();
        signal.ConnectDeferred(evaluator, () => threads.Add(Environment.CurrentManagedThreadId));
        new Worker(signal.Emit).Join();

        int first = evaluator.EvaluateDeferredConnections();
        int second = evaluator.EvaluateDeferredConnections();

        Assert.That((first, second), Is.EqualTo((1, 0)));
        Assert.That(threads, Is.EqualTo([Environment.CurrentManagedThreadId]));
    }

    [Test]
    public void E2_invocations_queued_during_an_evaluation_wait_for_the_next_one()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<(int Value, int Pending)>();
        signal.ConnectDeferred(
            evaluator,
            (int value) =>
            {
                signal.Emit(value + 10);
                seen.Add((value, evaluator.PendingCount));
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(seen, Is.EqualTo([(1, 2), (2, 2)]));
        seen.Clear();
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(seen, Is.EqualTo([(11, 2), (12, 2)]));
    }

    [Test]
    public void E2_pending_count_decreases_as_slots_are_started()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        var pending = new List<int>();
        signal.ConnectDeferred(evaluator, () => pending.Add(evaluator.PendingCount));
        signal.Emit();
        signal.Emit();
        signal.Emit();

        evaluator.EvaluateDeferredConnections();

        Assert.That(pending, Is.EqualTo([2, 1, 0]));
        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void E2_one_evaluator_runs_many_rounds_of_increasing_size()
    {
        using var evaluator = new ConnectionEvaluator();
        var numbers = new Signal<int>();
        var texts = new Signal<string>();
        var seen = new List<int>();
        numbers.ConnectDeferred(evaluator, seen.Add);
        texts.ConnectDeferred(evaluator, (string value) => seen.Add(-value.Length));
        for (int round = 0; round < 100; round++)
        {
            seen.Clear();
            var expected = new List<int>();
            for (int i = 0; i < round; i++)
            {
                numbers.Emit(i);
                texts.Emit(new string('x', i));
                expected.AddRange([i, -i]);
            }

            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2 * round));
            Assert.That(seen, Is.EqualTo(expected));
        }
    }

    [Test]
    public void E4_evaluation_from_a_slot_returns_zero_immediately()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<(int Value, int Nested)>();
        signal.ConnectDeferred(evaluator, (int value) => seen.Add((value, evaluator.EvaluateDeferredConnections())));
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(seen, Is.EqualTo([(1, 0), (2, 0)]));
    }

    [Test]
    public void E4_another_evaluator_may_be_evaluated_from_a_slot()
    {
        using var outer = new ConnectionEvaluator();
        using var inner = new ConnectionEvaluator();
        var signal = new Signal();
        var innerSignal = new Signal();
        int nested = 0;
        signal.ConnectDeferred(outer, () => nested = inner.EvaluateDeferredConnections());
        innerSignal.ConnectDeferred(inner, () => { });
        signal.Emit();
        innerSignal.Emit();

        Assert.That(outer.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(nested, Is.EqualTo(1));
    }

    [Test]
    public void E4_a_second_evaluating_thread_waits_for_the_first_and_then_runs_what_is_queued()
    {
        using var evaluator = new ConnectionEvaluator();
        var first = new Signal();
        var second = new Signal();
        using var started = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        int running = 0;
        int secondFoundRunning = -1;
        first.ConnectDeferred(
            evaluator,
            () =>
            {
                Volatile.Write(ref running, 1);
                started.Set();
                Bounded.Wait(proceed, "the test to continue");
                Volatile.Write(ref running, 0);
            }
        );
        second.ConnectDeferred(evaluator, () => secondFoundRunning = Volatile.Read(ref running));
        first.Emit();
        int ranByFirst = 0;
        int ranBySecond = 0;
        var evaluating = new Worker(() => ranByFirst = evaluator.EvaluateDeferredConnections());
        Bounded.Wait(started, "the first slot");
        second.Emit();
        var waiting = new Worker(() => ranBySecond = evaluator.EvaluateDeferredConnections());
        waiting.WaitUntilBlocked();
        Assert.That(secondFoundRunning, Is.EqualTo(-1));

        proceed.Set();
        evaluating.Join();
        waiting.Join();

        Assert.That((ranByFirst, ranBySecond, secondFoundRunning), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void E4_a_waiting_thread_that_finds_nothing_left_returns_zero()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        using var started = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        signal.ConnectDeferred(
            evaluator,
            () =>
            {
                started.Set();
                Bounded.Wait(proceed, "the test to continue");
            }
        );
        signal.Emit();
        var evaluating = new Worker(() => evaluator.EvaluateDeferredConnections());
        Bounded.Wait(started, "the slot");
        int ran = -1;
        var waiting = new Worker(() => ran = evaluator.EvaluateDeferredConnections());
        waiting.WaitUntilBlocked();

        proceed.Set();
        evaluating.Join();
        waiting.Join();

        Assert.That(ran, Is.Zero);
    }

    [Test]
    public void E2_an_empty_evaluator_evaluates_nothing()
    {
        using var evaluator = new ConnectionEvaluator();

        Assert.That((evaluator.EvaluateDeferredConnections(), evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void E2_plain_and_deferred_connections_of_one_signal_each_run_according_to_their_kind()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<string>();
        signal.ConnectDeferred(evaluator, (int value) => seen.Add($"deferred {value}"));
        signal.Connect((int value) => seen.Add($"plain {value}"));

        signal.Emit(1);
        signal.Emit(2);
        evaluator.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo(["plain 1", "plain 2", "deferred 1", "deferred 2"]));
    }

    [Test]
    public void E2_one_signal_may_defer_on_several_evaluators()
    {
        using var left = new ConnectionEvaluator();
        using var right = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<string>();
        signal.ConnectDeferred(left, (int value) => seen.Add($"left {value}"));
        signal.ConnectDeferred(right, (int value) => seen.Add($"right {value}"));
        signal.Emit(1);

        right.EvaluateDeferredConnections();
        left.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo(["right 1", "left 1"]));
    }

    [Test]
    public void ToString_contains_the_number_of_pending_invocations()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        signal.Emit();
        signal.Emit();

        Assert.That(evaluator.ToString(), Is.EqualTo("ConnectionEvaluator (2 pending)"));
        evaluator.Dispose();
        Assert.That(evaluator.ToString(), Is.EqualTo("ConnectionEvaluator (disposed)"));
    }
}
