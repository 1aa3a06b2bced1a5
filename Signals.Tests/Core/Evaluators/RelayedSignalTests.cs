using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class RelayedSignalTests
{
    [Test]
    public void E1_emitting_a_relayed_signal_only_queues()
    {
        using var evaluator = new ConnectionEvaluator();
        using var signal = new RelayedSignal<int>(evaluator);
        var seen = new List<int>();
        signal.Connect(seen.Add);

        signal.Emit(1);
        Assert.That(seen, Is.Empty);

        evaluator.EvaluateDeferredConnections();
        Assert.That(seen, Is.EqualTo((int[])[1]));
    }

    [Test]
    public void E2_relayed_signals_of_one_evaluator_keep_their_common_order_and_every_number_of_arguments()
    {
        using var evaluator = new ConnectionEvaluator();
        using var none = new RelayedSignal(evaluator);
        using var one = new RelayedSignal<string>(evaluator);
        using var two = new RelayedSignal<string, int>(evaluator);
        var seen = new List<string>();
        none.Connect(() => seen.Add("none"));
        one.Connect(seen.Add);
        two.Connect((text, number) => seen.Add(text + number));

        two.Emit("two", 1);
        none.Emit();
        one.Emit("one");
        two.Emit("two", 2);
        none.EmitOn(evaluator);
        two.EmitOn(evaluator, "two", 3);
        evaluator.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo((string[])["two1", "none", "one", "two2", "none", "two3"]));
    }

    [Test]
    public void E2_a_slot_that_is_connected_before_the_emission_arrives_runs()
    {
        using var evaluator = new ConnectionEvaluator();
        using var signal = new RelayedSignal<int>(evaluator);
        var seen = new List<int>();

        signal.Emit(1);
        signal.Connect(seen.Add);
        evaluator.EvaluateDeferredConnections();
        evaluator.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo((int[])[1]));
    }

    [Test]
    public void E3_disposing_a_relayed_signal_removes_what_is_queued_on_every_evaluator()
    {
        using var evaluator = new ConnectionEvaluator();
        using var other = new ConnectionEvaluator();
        var signal = new RelayedSignal<int>(evaluator);
        int calls = 0;
        ConnectionHandle handle = signal.Connect(_ => calls++);
        signal.Emit(1);
        signal.EmitOn(other, 2);

        signal.Dispose();
        signal.Emit(3);
        signal.EmitOn(other, 4);

        Assert.That((evaluator.PendingCount, other.PendingCount, handle.IsActive), Is.EqualTo((0, 0, false)));
        evaluator.EvaluateDeferredConnections();
        other.EvaluateDeferredConnections();
        Assert.That(calls, Is.Zero);
        Assert.That(() => signal.Connect(_ => calls++), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void E3_a_relayed_signal_that_was_disposed_before_its_first_emission_queues_nothing()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new RelayedSignal<int>();
        signal.Dispose();

        signal.Emit(1);
        signal.EmitOn(evaluator, 2);

        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void E8_an_emission_on_a_disposed_evaluator_does_nothing_and_other_evaluators_still_run_theirs()
    {
        var first = new ConnectionEvaluator();
        using var second = new ConnectionEvaluator();
        using var signal = new RelayedSignal<int>();
        var seen = new List<int>();
        signal.Connect(seen.Add);

        signal.EmitOn(first, 1);
        first.Dispose();
        signal.EmitOn(first, 2);
        signal.EmitOn(second, 3);
        signal.EmitOn(first, 4);
        second.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo((int[])[3]));
    }

    [Test]
    public void E8_a_relayed_signal_cannot_be_created_for_a_disposed_evaluator()
    {
        var evaluator = new ConnectionEvaluator();
        evaluator.Dispose();

        Assert.That(() => new RelayedSignal<int>(evaluator), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void E10_slots_run_in_order_on_the_thread_pool_if_there_is_no_evaluator()
    {
        const int Count = 1000;
        using var signal = new RelayedSignal<int>();
        using var done = new ManualResetEventSlim();
        var seen = new List<int>();
        bool elsewhere = false;
        signal.Connect(value =>
        {
            elsewhere |= !Thread.CurrentThread.IsThreadPoolThread;
            seen.Add(value);
            if (value == Count - 1)
            {
                done.Set();
            }
        });

        for (int i = 0; i < Count; i++)
        {
            signal.Emit(i);
        }

        Bounded.Wait(done, "the last slot");
        Assert.That(elsewhere, Is.False);
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public void E7_relaying_allocates_nothing_in_a_steady_state()
    {
        using var evaluator = new ConnectionEvaluator();
        using var signal = new RelayedSignal<long, string>(evaluator);
        long sum = 0;
        signal.Connect((value, _) => sum += value);
        signal.EmitOn(evaluator, 0, "");

        void Round()
        {
            for (int i = 0; i < 100; i++)
            {
                signal.Emit(i, "a");
                signal.EmitOn(evaluator, i, "b");
            }

            evaluator.EvaluateDeferredConnections();
        }

        Allocations.Of(10, Round);
        Assert.That(Allocations.Of(10, Round), Is.Zero);
        Assert.That(sum, Is.Positive);
    }

    [Test]
    public void An_evaluator_that_is_null_is_reported()
    {
        using var none = new RelayedSignal();
        using var one = new RelayedSignal<int>();
        using var two = new RelayedSignal<int, int>();

        Assert.That(() => none.EmitOn(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator"));
        Assert.That(() => one.EmitOn(null!, 1), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator"));
        Assert.That(() => two.EmitOn(null!, 1, 2), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator"));
    }
}
