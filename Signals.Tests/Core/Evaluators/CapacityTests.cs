using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class CapacityTests
{
    [TestCase(BoundedChannelFullMode.DropNewest, new[] { 1, 2, 6 })]
    [TestCase(BoundedChannelFullMode.DropOldest, new[] { 4, 5, 6 })]
    [TestCase(BoundedChannelFullMode.DropWrite, new[] { 1, 2, 3 })]
    public void E9_a_full_queue_drops_according_to_its_mode(BoundedChannelFullMode mode, int[] expected)
    {
        using ConnectionEvaluator evaluator = Bounded3(mode);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);

        for (int i = 1; i <= 6; i++)
        {
            signal.Emit(i);
        }

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((3, 3L)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(3));
        Assert.That(seen, Is.EqualTo(expected));
    }

    [Test]
    public void E9_nothing_is_dropped_while_there_is_room([Values] BoundedChannelFullMode mode)
    {
        using ConnectionEvaluator evaluator = Bounded3(mode);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);

        for (int round = 0; round < 3; round++)
        {
            signal.Emit(1);
            signal.Emit(2);
            signal.Emit(3);
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(3));
        }

        Assert.That(seen, Is.EqualTo([1, 2, 3, 1, 2, 3, 1, 2, 3]));
        Assert.That(evaluator.DroppedCount, Is.Zero);
    }

    [Test]
    public void E9_the_default_mode_is_Wait_and_there_is_no_default_capacity()
    {
        var options = new ConnectionEvaluatorOptions();

        Assert.That(
            (options.Capacity, options.FullMode, options.ExceptionHandler),
            Is.EqualTo(((int?)null, BoundedChannelFullMode.Wait, (Action<Exception>?)null))
        );
    }

    [Test]
    public void E9_options_refuse_invalid_values()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => new ConnectionEvaluatorOptions { Capacity = 0 },
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Capacity must be at least 1").And.Property("ActualValue").EqualTo(0)
            );
            Assert.That(() => new ConnectionEvaluatorOptions { Capacity = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(new ConnectionEvaluatorOptions { Capacity = 1 }.Capacity, Is.EqualTo(1));
            Assert.That(new ConnectionEvaluatorOptions { Capacity = null }.Capacity, Is.Null);
            Assert.That(
                () => new ConnectionEvaluatorOptions { FullMode = (BoundedChannelFullMode)4 },
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("FullMode must be a defined value of BoundedChannelFullMode")
            );
            Assert.That(() => new ConnectionEvaluator(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
        }
    }

    [TestCase(BoundedChannelFullMode.DropNewest, new[] { "b2", "a7" })]
    [TestCase(BoundedChannelFullMode.DropOldest, new[] { "a6", "a7" })]
    [TestCase(BoundedChannelFullMode.DropWrite, new[] { "b2", "a5" })]
    public void E9_gaps_of_disconnected_slots_count_as_room_and_are_never_dropped_again(BoundedChannelFullMode mode, string[] expected)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 2, FullMode = mode });
        var a = new Signal<int>();
        var b = new Signal<int>();
        var seen = new List<string>();
        ConnectionHandle first = a.ConnectDeferred(evaluator, (int value) => seen.Add($"old {value}"));
        b.ConnectDeferred(evaluator, (int value) => seen.Add($"b{value}"));
        a.Emit(1);
        b.Emit(2);
        first.Disconnect();
        a.ConnectDeferred(evaluator, (int value) => seen.Add($"a{value}"));
        Assert.That(evaluator.PendingCount, Is.EqualTo(1));

        a.Emit(5);
        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((2, 0L)));
        a.Emit(6);
        a.Emit(7);

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((2, 2L)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(seen, Is.EqualTo(expected));
    }

    [Test]
    public void E9_DropNewest_skips_gaps_at_the_end_of_the_queue()
    {
        using ConnectionEvaluator evaluator = Bounded3(BoundedChannelFullMode.DropNewest);
        var a = new Signal<int>();
        var b = new Signal<string>();
        var seen = new List<object>();
        a.ConnectDeferred(evaluator, (int value) => seen.Add(value));
        ConnectionHandle gone = b.ConnectDeferred(evaluator, (string value) => seen.Add(value));
        a.Emit(1);
        a.Emit(2);
        b.Emit("gone");
        gone.Disconnect();
        a.Emit(3);
        a.ConnectDeferredSingleShot(evaluator, value => seen.Add(-value));

        // The queue is full: the plain connection drops 3 in favor of 4, and the single-shot one drops 4 in favor of its own invocation.
        a.Emit(4);
        a.Emit(5);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(3));
        Assert.That(seen, Is.EqualTo<object?>([1, 2, -5]));
    }

    [TestCase(BoundedChannelFullMode.DropNewest)]
    [TestCase(BoundedChannelFullMode.DropOldest)]
    [TestCase(BoundedChannelFullMode.DropWrite)]
    public void E9_random_dropping_and_disconnecting_leaves_the_same_entries_as_in_a_list(BoundedChannelFullMode mode)
    {
        var random = new Random(20261121);
        for (int round = 0; round < 40; round++)
        {
            int capacity = random.Next(1, 40);
            using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = capacity, FullMode = mode });
            var numbers = new Signal<int>();
            var texts = new Signal<string>();
            var seen = new List<(int Connection, int Value)>();
            var model = new List<(int Connection, int Value)>();
            int next = 0;
            var connections = new List<(int Id, ConnectionHandle Handle, bool IsText)>();
            long dropped = 0;
            for (int step = 0; step < 200; step++)
            {
                int choice = random.Next(20);
                if (choice == 0 || connections.Count == 0)
                {
                    int id = next++;
                    bool isText = random.Next(2) == 0;
                    ConnectionHandle handle = isText
                        ? texts.ConnectDeferred(evaluator, (string value) => seen.Add((id, value.Length)))
                        : numbers.ConnectDeferred(evaluator, (int value) => seen.Add((id, value)));
                    connections.Add((id, handle, isText));
                }
                else if (choice == 1)
                {
                    (int id, ConnectionHandle handle, _) = connections[random.Next(connections.Count)];
                    handle.Disconnect();
                    connections.RemoveAll(connection => connection.Id == id);
                    model.RemoveAll(entry => entry.Connection == id);
                }
                else if (choice == 2)
                {
                    Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(model.Count));
                    Assert.That(seen, Is.EqualTo(model));
                    seen.Clear();
                    model.Clear();
                }
                else
                {
                    bool isText = random.Next(2) == 0;
                    foreach ((int id, _, _) in connections.Where(connection => connection.IsText == isText))
                    {
                        dropped += Add(model, (id, step), capacity, mode);
                    }

                    if (isText)
                    {
                        texts.Emit(new string('x', step));
                    }
                    else
                    {
                        numbers.Emit(step);
                    }
                }

                Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((model.Count, dropped)));
            }

            evaluator.EvaluateDeferredConnections();
            Assert.That(seen, Is.EqualTo(model));
        }
    }

    [TestCase(BoundedChannelFullMode.DropOldest)]
    [TestCase(BoundedChannelFullMode.DropWrite)]
    [TestCase(BoundedChannelFullMode.DropNewest)]
    public void E9_a_single_shot_that_was_dropped_may_be_queued_again(BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = mode });
        var once = new Signal<int>();
        var other = new Signal<int>();
        var seen = new List<string>();
        ConnectionHandle handle = once.ConnectDeferredSingleShot(evaluator, value => seen.Add($"once {value}"));
        other.ConnectDeferred(evaluator, value => seen.Add($"other {value}"));
        if (mode == BoundedChannelFullMode.DropWrite)
        {
            other.Emit(1);
            once.Emit(1);
        }
        else
        {
            once.Emit(1);
            other.Emit(1);
        }

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(handle.IsActive, Is.True);
        once.Emit(2);
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));

        Assert.That(seen, Is.EqualTo(["other 1", "once 2"]));
        Assert.That((handle.IsActive, evaluator.DroppedCount), Is.EqualTo((false, 1L)));
    }

    [Test]
    public void E9_a_queued_single_shot_is_not_queued_again_in_a_full_queue_and_drops_nothing()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.DropOldest });
        var once = new Signal<int>();
        var seen = new List<int>();
        once.ConnectDeferredSingleShot(evaluator, seen.Add);
        once.Emit(1);
        once.Emit(2);

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((1, 0L)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(seen, Is.EqualTo([1]));
    }

    [Test]
    public void E9_latest_only_replaces_its_value_in_a_full_queue_and_drops_nothing_else()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 2, FullMode = BoundedChannelFullMode.DropOldest });
        var latest = new Signal<int>();
        var other = new Signal<int>();
        var seen = new List<string>();
        latest.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"latest {value}"));
        other.ConnectDeferred(evaluator, value => seen.Add($"other {value}"));
        latest.Emit(1);
        other.Emit(1);
        latest.Emit(2);

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((2, 1L)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(seen, Is.EqualTo(["latest 2", "other 1"]));
    }

    [Test]
    public void E9_latest_only_that_was_dropped_is_queued_again_at_the_end()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 2, FullMode = BoundedChannelFullMode.DropOldest });
        var latest = new Signal<int>();
        var other = new Signal<int>();
        var seen = new List<string>();
        latest.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"latest {value}"));
        other.ConnectDeferred(evaluator, value => seen.Add($"other {value}"));
        latest.Emit(1);
        other.Emit(1);
        other.Emit(2);
        latest.Emit(2);

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((2, 2L)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(seen, Is.EqualTo(["other 2", "latest 2"]));
    }

    [Test]
    public void E9_invocations_of_an_active_evaluation_do_not_count_against_the_capacity()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 2, FullMode = BoundedChannelFullMode.DropWrite });
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value < 10)
                {
                    signal.Emit(value + 10);
                }
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        evaluator.EvaluateDeferredConnections();
        evaluator.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo([1, 2, 11, 12]));
        Assert.That(evaluator.DroppedCount, Is.Zero);
    }

    [Test]
    public void E9_Wait_blocks_the_emitter_until_an_evaluation_makes_room()
    {
        using ConnectionEvaluator evaluator = Bounded3(BoundedChannelFullMode.Wait);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        signal.Emit(1);
        signal.Emit(2);
        signal.Emit(3);
        var emitter = new Worker(() => signal.Emit(4));
        emitter.WaitUntilBlocked();
        Assert.That((evaluator.PendingCount, emitter.IsRunning), Is.EqualTo((3, true)));

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(3));
        emitter.Join();

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((1, 0L)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([1, 2, 3, 4]));
    }

    [Test]
    public void E9_Wait_lets_the_emitter_continue_as_soon_as_an_evaluation_begins()
    {
        using ConnectionEvaluator evaluator = new(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.Wait });
        var signal = new Signal<int>();
        using var emitted = new ManualResetEventSlim();
        bool releasedDuringSlot = false;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                if (value == 1)
                {
                    releasedDuringSlot = emitted.Wait(Bounded.Limit);
                }
            }
        );
        signal.Emit(1);
        var emitter = new Worker(() =>
        {
            signal.Emit(2);
            emitted.Set();
        });
        emitter.WaitUntilBlocked();

        evaluator.EvaluateDeferredConnections();
        emitter.Join();

        Assert.That((releasedDuringSlot, evaluator.PendingCount), Is.EqualTo((true, 1)));
    }

    [Test]
    public void E9_Wait_ends_without_queueing_when_the_connection_ends()
    {
        using ConnectionEvaluator evaluator = Bounded3(BoundedChannelFullMode.Wait);
        var full = new Signal<int>();
        var signal = new Signal<int>();
        full.ConnectDeferred(evaluator, (int _) => { });
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, (int _) => { });
        full.Emit(1);
        full.Emit(2);
        full.Emit(3);
        var emitter = new Worker(() => signal.Emit(4));
        emitter.WaitUntilBlocked();

        handle.Disconnect();
        emitter.Join();

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((3, 0L)));
    }

    [Test]
    public void E9_Wait_ends_when_disconnecting_another_connection_makes_room()
    {
        using ConnectionEvaluator evaluator = new(new ConnectionEvaluatorOptions { Capacity = 1 });
        var full = new Signal<int>();
        var signal = new Signal<int>();
        var seen = new List<int>();
        ConnectionHandle filler = full.ConnectDeferred(evaluator, seen.Add);
        signal.ConnectDeferred(evaluator, seen.Add);
        full.Emit(1);
        var emitter = new Worker(() => signal.Emit(2));
        emitter.WaitUntilBlocked();

        filler.Disconnect();
        emitter.Join();

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([2]));
    }

    [Test]
    public void E9_Wait_lets_the_evaluating_thread_exceed_the_capacity_instead_of_waiting_for_itself()
    {
        using ConnectionEvaluator evaluator = new(new ConnectionEvaluatorOptions { Capacity = 1 });
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value == 0)
                {
                    signal.Emit(1);
                    signal.Emit(2);
                    signal.Emit(3);
                }
            }
        );
        signal.Emit(0);
        int ran = 0;
        int pending = 0;
        new Worker(() =>
        {
            ran = evaluator.EvaluateDeferredConnections();
            pending = evaluator.PendingCount;
            evaluator.EvaluateDeferredConnections();
        }).Join();

        Assert.That((ran, pending, evaluator.DroppedCount), Is.EqualTo((1, 3, 0L)));
        Assert.That(seen, Is.EqualTo([0, 1, 2, 3]));
    }

    [Test]
    public void E9_Wait_serves_several_waiting_emitters_one_at_a_time()
    {
        using ConnectionEvaluator evaluator = new(new ConnectionEvaluatorOptions { Capacity = 1 });
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        signal.Emit(0);
        Worker[] emitters = [new(() => signal.Emit(1)), new(() => signal.Emit(2)), new(() => signal.Emit(3))];
        foreach (Worker emitter in emitters)
        {
            emitter.WaitUntilBlocked();
        }

        for (int served = 0; served < 4; served++)
        {
            Bounded.Until(() => evaluator.PendingCount == 1, "an emitter to use the room");
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        }

        foreach (Worker emitter in emitters)
        {
            emitter.Join();
        }

        Assert.That(seen, Is.EquivalentTo([0, 1, 2, 3]));
        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void E9_two_emitters_that_wait_for_one_single_shot_queue_it_once()
    {
        using ConnectionEvaluator evaluator = new(new ConnectionEvaluatorOptions { Capacity = 1 });
        var filler = new Signal<int>();
        var once = new Signal<int>();
        int calls = 0;
        filler.ConnectDeferred(evaluator, (int _) => { });
        once.ConnectDeferredSingleShot(evaluator, _ => calls++);
        filler.Emit(1);
        Worker[] emitters = [new(() => once.Emit(1)), new(() => once.Emit(2))];
        foreach (Worker emitter in emitters)
        {
            emitter.WaitUntilBlocked();
        }

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        foreach (Worker emitter in emitters)
        {
            emitter.Join();
        }

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That((calls, evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((1, 0, 0L)));
    }

    private static ConnectionEvaluator Bounded3(BoundedChannelFullMode mode) => new(new ConnectionEvaluatorOptions { Capacity = 3, FullMode = mode });

    private static int Add(List<(int, int)> model, (int, int) entry, int capacity, BoundedChannelFullMode mode)
    {
        if (model.Count < capacity)
        {
            model.Add(entry);
            return 0;
        }

        switch (mode)
        {
            case BoundedChannelFullMode.DropNewest:
                model[^1] = entry;
                break;
            case BoundedChannelFullMode.DropOldest:
                model.RemoveAt(0);
                model.Add(entry);
                break;
        }

        return 1;
    }
}
