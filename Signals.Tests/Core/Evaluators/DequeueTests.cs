using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class DequeueTests
{
    /// <summary>Ways in which a connection can end.</summary>
    private static readonly TestCaseData[] Ends =
    [
        Named("handle", static (_, handle) => handle.Disconnect()),
        Named("signal", static (signal, handle) => signal.Disconnect(handle)),
        Named("all", static (signal, _) => signal.DisconnectAll()),
        Named("dispose", static (signal, _) => signal.Dispose()),
    ];

    [TestCaseSource(nameof(Ends))]
    public void E3_an_ended_connections_invocations_do_not_run_and_do_not_count(Action<Signal<int>, ConnectionHandle> end)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var other = new Signal<int>();
        var seen = new List<string>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, (int value) => seen.Add($"signal {value}"));
        other.ConnectDeferred(evaluator, (int value) => seen.Add($"other {value}"));
        signal.Emit(1);
        other.Emit(2);
        signal.Emit(3);
        other.Emit(4);

        end(signal, handle);

        Assert.That(evaluator.PendingCount, Is.EqualTo(2));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(seen, Is.EqualTo(["other 2", "other 4"]));
    }

    [TestCaseSource(nameof(Ends))]
    public void E3_entries_not_started_are_skipped_when_the_connection_ends_during_the_evaluation(Action<Signal<int>, ConnectionHandle> end)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var other = new Signal<int>();
        var seen = new List<(string, int)>();
        ConnectionHandle handle = default;
        other.ConnectDeferred(
            evaluator,
            (int value) =>
            {
                if (value == 2)
                {
                    end(signal, handle);
                }

                seen.Add(("other", evaluator.PendingCount));
            }
        );
        handle = signal.ConnectDeferred(evaluator, (int _) => seen.Add(("signal", evaluator.PendingCount)));
        other.Emit(1);
        signal.Emit(1);
        other.Emit(2);
        signal.Emit(2);
        signal.Emit(3);
        other.Emit(3);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(4));
        Assert.That(seen, Is.EqualTo([("other", 5), ("signal", 4), ("other", 1), ("other", 0)]));
        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [TestCaseSource(nameof(Ends))]
    public void E3_a_slot_that_ends_its_own_connection_is_not_run_again_by_that_evaluation(Action<Signal<int>, ConnectionHandle> end)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = default;
        var seen = new List<(int Value, int PendingBefore, int PendingAfter)>();
        handle = signal.ConnectDeferred(
            evaluator,
            (int value) =>
            {
                signal.Emit(value + 10);
                int before = evaluator.PendingCount;
                end(signal, handle);
                seen.Add((value, before, evaluator.PendingCount));
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([(1, 2, 0)]));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
    }

    [Test]
    public void E3_disconnecting_one_of_a_signals_connections_leaves_the_others_invocations()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<string>();
        signal.ConnectDeferred(evaluator, (int value) => seen.Add($"a{value}"));
        ConnectionHandle middle = signal.ConnectDeferred(evaluator, (int value) => seen.Add($"b{value}"));
        signal.ConnectDeferred(evaluator, (int value) => seen.Add($"c{value}"));
        signal.Emit(1);
        signal.Emit(2);

        middle.Disconnect();
        signal.Emit(3);

        Assert.That(evaluator.PendingCount, Is.EqualTo(6));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(6));
        Assert.That(seen, Is.EqualTo(["a1", "c1", "a2", "c2", "a3", "c3"]));
    }

    [Test]
    public void E3_DisconnectAll_also_dequeues_invocations_of_blocked_connections()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        int calls = 0;
        ConnectionHandle first = signal.ConnectDeferred(evaluator, () => calls++);
        ConnectionHandle second = signal.ConnectDeferred(evaluator, () => calls++);
        signal.Emit();
        first.Block(true);

        signal.DisconnectAll();

        Assert.That(evaluator.PendingCount, Is.Zero);
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
        Assert.That((calls, first.IsActive, second.IsActive), Is.EqualTo((0, false, false)));
    }

    [Test]
    public void E3_a_connection_that_reuses_an_index_does_not_inherit_queued_invocations()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<string>();
        ConnectionHandle old = signal.ConnectDeferred(evaluator, (int value) => seen.Add($"old {value}"));
        signal.Emit(1);
        old.Disconnect();
        signal.ConnectDeferred(evaluator, (int value) => seen.Add($"new {value}"));
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo(["new 2"]));
    }

    [Test]
    public void E3_disconnecting_on_another_thread_during_the_evaluation_skips_invocations_that_have_not_started()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        using var started = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        ConnectionHandle handle = signal.ConnectDeferred(
            evaluator,
            (int value) =>
            {
                seen.Add(value);
                started.Set();
                Bounded.Wait(proceed, "the test to continue");
            }
        );
        signal.Emit(1);
        signal.Emit(2);
        int ran = 0;
        var evaluating = new Worker(() => ran = evaluator.EvaluateDeferredConnections());
        Bounded.Wait(started, "the slot");

        int before = evaluator.PendingCount;
        handle.Disconnect();
        int after = evaluator.PendingCount;
        proceed.Set();
        evaluating.Join();

        Assert.That((before, after, ran), Is.EqualTo((1, 0, 1)));
        Assert.That(seen, Is.EqualTo([1]));
    }

    [TestCaseSource(nameof(Ends))]
    public void E3_the_second_of_two_threads_that_end_a_connection_also_returns_when_nothing_is_queued(Action<Signal<int>, ConnectionHandle> end)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, (int _) => { });
        signal.Emit(1);
        signal.Emit(2);
        bool returned = false;
        Worker first;
        Worker second;

        // Neither thread can remove the queued invocations: one waits for the removal, and the other one for the first.
        ref ShortLock queueLock = ref QueueOf(evaluator).State.Lock;
        queueLock.Enter();
        try
        {
            first = new Worker(End);
            second = new Worker(End);
            Bounded.Until(() => first.IsBlocked || second.IsBlocked || Volatile.Read(ref returned), "a thread to wait");
            Assert.That(returned, Is.False, "it has not returned while two are queued");
        }
        finally
        {
            queueLock.Exit();
        }

        second.Join();
        Assert.That(evaluator.PendingCount, Is.Zero);
        first.Join();

        void End()
        {
            end(signal, handle);
            Volatile.Write(ref returned, true);
        }
    }

    [Test]
    public void E3_many_connections_ended_in_any_order_leave_exactly_the_others()
    {
        var random = new Random(20261121);
        for (int round = 0; round < 50; round++)
        {
            using var evaluator = new ConnectionEvaluator();
            var signals = Enumerable.Range(0, 5).Select(_ => new Signal<int>()).ToArray();
            var seen = new List<int>();
            var handles = signals.Select((signal, i) => signal.ConnectDeferred(evaluator, (int value) => seen.Add((100 * i) + value))).ToArray();
            var expected = new List<int>();
            for (int i = 0; i < 99; i++)
            {
                int which = random.Next(signals.Length);
                signals[which].Emit(i);
                expected.Add((100 * which) + i);
                if (random.Next(8) == 0)
                {
                    int ended = random.Next(signals.Length);
                    handles[ended].Disconnect();
                    expected.RemoveAll(entry => entry / 100 == ended);
                    int end = ended;
                    handles[ended] = signals[ended].ConnectDeferred(evaluator, (int value) => seen.Add((100 * end) + value));
                }

                Assert.That(evaluator.PendingCount, Is.EqualTo(expected.Count));
            }

            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(expected.Count));
            Assert.That(seen, Is.EqualTo(expected));
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_queue")]
    private static extern ref InvocationQueue QueueOf(ConnectionEvaluator evaluator);

    private static TestCaseData Named(string name, Action<Signal<int>, ConnectionHandle> end) => new TestCaseData(end).SetArgDisplayNames(name);
}
