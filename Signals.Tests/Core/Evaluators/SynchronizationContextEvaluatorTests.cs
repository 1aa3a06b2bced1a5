using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class SynchronizationContextEvaluatorTests
{
    [Test]
    public void E10_slots_run_where_the_context_runs_its_callbacks()
    {
        var context = new ManualContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<(int Value, int Thread)>();
        signal.ConnectDeferred(evaluator, value => seen.Add((value, Environment.CurrentManagedThreadId)));
        new Worker(() => signal.Emit(1)).Join();
        Assert.That(seen, Is.Empty);

        context.RunOne();

        Assert.That(seen, Is.EqualTo([(1, Environment.CurrentManagedThreadId)]));
    }

    [Test]
    public void E10_one_callback_at_a_time_is_posted_regardless_of_the_queue_length()
    {
        var context = new ManualContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);

        for (int round = 0; round < 3; round++)
        {
            signal.Emit(10 * round);
            signal.Emit((10 * round) + 1);
            Assert.That(context.Posted, Is.EqualTo(1));
            context.RunOne();
            Assert.That((context.Posted, evaluator.PendingCount), Is.EqualTo((0, 0)));
        }

        Assert.That(seen, Is.EqualTo([0, 1, 10, 11, 20, 21]));
    }

    [Test]
    public void E2_emissions_of_a_slot_are_posted_again()
    {
        var context = new ManualContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                signal.Emit(value + 1);
            }
        );
        signal.Emit(1);

        context.RunOne();
        Assert.That((context.Posted, evaluator.PendingCount), Is.EqualTo((1, 1)));
        context.RunOne();

        Assert.That(seen, Is.EqualTo([1, 2]));
    }

    [Test]
    public void E10_invocations_queued_while_a_slot_runs_the_contexts_callbacks_run_afterwards()
    {
        var context = new ManualContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value == 1)
                {
                    // As in an open dialog: other threads emit, and its message loop runs the posted callbacks.
                    new Worker(() => signal.Emit(2)).Join();
                    context.RunAll();
                }
            }
        );
        signal.Emit(1);

        context.RunAll();

        Assert.That(seen, Is.EqualTo([1, 2]));
        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void E10_a_context_that_runs_callbacks_immediately_runs_nested_emissions_without_deepening_the_stack()
    {
        const int Count = 100_000;
        using var evaluator = new SynchronizationContextEvaluator(new ImmediateContext());
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                calls++;
                if (value < Count)
                {
                    signal.Emit(value + 1);
                }
            }
        );

        signal.Emit(1);

        Assert.That((calls, evaluator.PendingCount), Is.EqualTo((Count, 0)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void E5_slots_that_emit_and_throw_do_not_deepen_the_stack_of_a_context_that_runs_callbacks_immediately(bool isSecond)
    {
        const int Count = 20_000;
        var context = new ImmediateContext { HandlesExceptions = true };
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                calls++;
                if (value < Count)
                {
                    signal.Emit(value + 1);
                }

                throw new InvalidOperationException("after emitting");
            }
        );

        if (isSecond)
        {
            // The first callback is queued, as by a context that queues callbacks of other threads.
            context.Queues = true;
            signal.Emit(1);
            context.Queues = false;
            context.RunQueued();
        }
        else
        {
            signal.Emit(1);
        }

        Assert.That((calls, context.Errors, evaluator.PendingCount), Is.EqualTo((Count, Count, 0)));
        Assert.That(context.Deepest, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void E5_exceptions_of_slots_in_a_context_that_runs_callbacks_immediately_reach_the_emitter_after_all_have_run()
    {
        using var evaluator = new SynchronizationContextEvaluator(new ImmediateContext());
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value < 3)
                {
                    signal.Emit(value + 1);
                }

                throw new InvalidOperationException($"{value}");
            }
        );

        var thrown = Assert.Throws<AggregateException>(() => signal.Emit(1));
        Assert.That(thrown.InnerExceptions.Select(exception => exception.Message), Is.EqualTo(["1", "2", "3"]));
        Assert.That(() => signal.Emit(3), Throws.InvalidOperationException.With.Message.EqualTo("3"));

        Assert.That((seen, evaluator.PendingCount), Is.EqualTo((new List<int> { 1, 2, 3, 3 }, 0)));
    }

    [Test]
    public void E10_an_emission_after_the_context_has_dropped_a_callback_posts_another_one()
    {
        var context = new DroppingContext { Drops = true };
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        for (int round = 0; round < 3; round++)
        {
            signal.Emit(2 * round);
            Garbage.Collect();
        }

        context.Drops = false;
        signal.Emit(5);
        context.RunAll();

        Assert.That((seen, evaluator.PendingCount), Is.EqualTo((new List<int> { 0, 2, 4, 5 }, 0)));
        Assert.That(context.Dropped, Is.EqualTo(3));
    }

    [Test]
    public void E10_a_callback_that_the_context_holds_is_not_posted_again_after_garbage_collections()
    {
        var context = new DroppingContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        for (int i = 0; i < 3; i++)
        {
            signal.Emit(i);
            Garbage.Collect();
        }

        Assert.That(context.Posted, Is.EqualTo(1));
        context.RunAll();
        signal.Emit(3);
        Assert.That((seen.Count, context.Posted), Is.EqualTo((3, 1)));
    }

    [Test]
    public void E9_an_emission_that_adds_no_invocation_replaces_a_dropped_callback([Values] bool isLatest)
    {
        var context = new DroppingContext { Drops = true };
        var options = new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.DropWrite };
        using var evaluator = new SynchronizationContextEvaluator(context, options);
        var signal = new Signal<int>();
        var seen = new List<int>();
        _ = isLatest ? signal.ConnectDeferredLatest(evaluator, seen.Add) : signal.ConnectDeferred(evaluator, seen.Add);
        signal.Emit(1);
        Garbage.Collect();

        context.Drops = false;
        signal.Emit(2);
        context.RunAll();

        Assert.That((seen, evaluator.DroppedCount), Is.EqualTo((new List<int> { isLatest ? 2 : 1 }, 1)));
    }

    [Test]
    public void E9_an_emission_that_waits_for_room_replaces_a_dropped_callback()
    {
        var context = new DroppingContext { Drops = true };
        using var evaluator = new SynchronizationContextEvaluator(context, new ConnectionEvaluatorOptions { Capacity = 1 });
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        signal.Emit(1);
        Garbage.Collect();

        context.Drops = false;
        var emitting = new Worker(() => signal.Emit(2));
        Bounded.Until(() => context.Posted == 1, "another callback");
        context.RunAll();
        emitting.Join();
        context.RunAll();

        Assert.That(seen, Is.EqualTo([1, 2]));
    }

    [Test]
    public void E5_invocations_queued_in_a_round_in_which_a_slot_throws_are_posted()
    {
        var context = new ManualContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value == 1)
                {
                    signal.Emit(2);
                    throw new InvalidOperationException("after emitting");
                }
            }
        );
        signal.Emit(1);

        Assert.That(context.RunOne, Throws.InvalidOperationException);
        context.RunAll();

        Assert.That(seen, Is.EqualTo([1, 2]));
    }

    [Test]
    public void E5_exceptions_of_slots_propagate_to_the_context_without_a_handler()
    {
        var context = new ManualContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        var expected = new InvalidOperationException("to the context");
        signal.ConnectDeferred(evaluator, _ => throw expected);
        signal.Emit(1);

        Assert.That(context.RunOne, Throws.Exception.SameAs(expected));

        signal.Emit(2);
        Assert.That(context.Posted, Is.EqualTo(1), "the evaluator continues");
    }

    [Test]
    public void E5_the_options_ExceptionHandler_receives_exceptions_of_slots()
    {
        var context = new ManualContext();
        var handled = new List<Exception>();
        using var evaluator = new SynchronizationContextEvaluator(context, new ConnectionEvaluatorOptions { ExceptionHandler = handled.Add });
        var signal = new Signal<int>();
        Exception[] expected = [new InvalidOperationException("one"), new InvalidOperationException("two")];
        signal.ConnectDeferred(evaluator, value => throw expected[value]);
        signal.Emit(0);
        signal.Emit(1);

        context.RunOne();

        Assert.That(((AggregateException)handled.Single()).InnerExceptions, Is.EqualTo(expected));
    }

    [Test]
    public void E8_a_callback_after_disposal_does_nothing()
    {
        var context = new ManualContext();
        var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferred(evaluator, _ => calls++);
        signal.Emit(1);

        evaluator.Dispose();

        Assert.That(context.RunOne, Throws.Nothing);
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void E1_a_context_that_refuses_a_callback_throws_to_the_emitter_and_the_next_emission_posts_again()
    {
        var context = new RefusingContext();
        using var evaluator = new SynchronizationContextEvaluator(context);
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, (int _) => { });

        Assert.That(() => signal.Emit(1), Throws.InvalidOperationException);
        Assert.That(() => signal.Emit(2), Throws.InvalidOperationException);

        Assert.That((context.Asked, evaluator.PendingCount), Is.EqualTo((2, 2)));
    }

    [Test]
    public void E10_context_and_options_are_required()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new SynchronizationContextEvaluator(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("context"));
            Assert.That(
                () => new SynchronizationContextEvaluator(new ManualContext(), null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options")
            );
        }
    }

    /// <summary>Synchronization context that runs callbacks immediately, unless it is set to queue them.</summary>
    private sealed class ImmediateContext : SynchronizationContext
    {
        private readonly ManualContext _queued = new();
        private int _depth;

        internal bool HandlesExceptions { get; init; }

        internal bool Queues { get; set; }

        internal int Errors { get; private set; }

        internal int Deepest { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Queues)
            {
                _queued.Post(d, state);
                return;
            }

            Run(() => d(state));
        }

        internal void RunQueued() => Run(_queued.RunAll);

        private void Run(Action callback)
        {
            Deepest = Math.Max(Deepest, ++_depth);
            try
            {
                callback();
            }
            catch (InvalidOperationException) when (HandlesExceptions)
            {
                Errors++;
            }
            finally
            {
                _depth--;
            }
        }
    }

    /// <summary>Synchronization context of a user interface that has ended, which drops callbacks without an exception.</summary>
    private sealed class DroppingContext : SynchronizationContext
    {
        private readonly ManualContext _queued = new();

        internal bool Drops { get; set; }

        internal int Dropped { get; private set; }

        internal int Posted => _queued.Posted;

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Drops)
            {
                Dropped++;
                return;
            }

            _queued.Post(d, state);
        }

        internal void RunAll() => _queued.RunAll();
    }

    /// <summary>Synchronization context of a user interface that is shutting down.</summary>
    private sealed class RefusingContext : SynchronizationContext
    {
        internal int Asked { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Asked++;
            throw new InvalidOperationException("The context is shutting down.");
        }
    }
}
