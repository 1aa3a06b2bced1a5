using System.Reflection;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class ThreadEvaluatorTests
{
    [Test]
    public void E10_slots_run_in_order_on_one_background_thread_of_the_evaluators_own()
    {
        using var evaluator = new ThreadEvaluator("the pump");
        var signal = new Signal<int>();
        using var done = new ManualResetEventSlim();
        var seen = new List<(int Value, Thread Thread)>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add((value, Thread.CurrentThread));
                if (value == 99)
                {
                    done.Set();
                }
            }
        );

        for (int i = 0; i < 100; i++)
        {
            signal.Emit(i);
        }

        Bounded.Wait(done, "the last slot");
        Thread thread = seen[0].Thread;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Select(entry => entry.Value), Is.EqualTo(Enumerable.Range(0, 100)));
            Assert.That(seen.Select(entry => entry.Thread), Is.All.SameAs(thread));
            Assert.That(thread, Is.Not.SameAs(Thread.CurrentThread));
            Assert.That((thread.Name, thread.IsBackground, thread.IsThreadPoolThread), Is.EqualTo(("the pump", true, false)));
        }
    }

    [Test]
    public void E10_the_thread_is_named_after_the_class_by_default()
    {
        using var evaluator = new ThreadEvaluator();

        Assert.That(ThreadOf(evaluator).Name, Is.EqualTo(nameof(ThreadEvaluator)));
    }

    [Test]
    public void E5_the_options_ExceptionHandler_receives_exceptions_of_slots_and_the_thread_continues()
    {
        using var handled = new BlockingHandler();
        using var evaluator = new ThreadEvaluator(null, new ConnectionEvaluatorOptions { ExceptionHandler = handled.Handle });
        var signal = new Signal<Exception>();
        signal.ConnectDeferred(evaluator, (Exception exception) => throw exception);
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");

        signal.Emit(first);
        Assert.That(handled.Take(), Is.SameAs(first));
        signal.Emit(second);
        Assert.That(handled.Take(), Is.SameAs(second));
        Assert.That(handled.Thread, Is.SameAs(ThreadOf(evaluator)));
    }

    [Test]
    public void E8_the_thread_ends_when_the_evaluator_is_disposed()
    {
        var evaluator = new ThreadEvaluator();
        Thread thread = ThreadOf(evaluator);

        evaluator.Dispose();

        Assert.That(thread.Join(Bounded.Limit), Is.True);
    }

    [Test]
    public void E8_the_thread_of_an_evaluator_that_was_never_used_ends_too()
    {
        WeakReference evaluator = MakeAndDispose();

        // The thread keeps the evaluator alive as long as it runs.
        Bounded.Until(
            () =>
            {
                GC.Collect();
                return !evaluator.IsAlive;
            },
            "the thread of an unused evaluator to end"
        );
    }

    [Test]
    public void E8_disposing_inside_a_slot_ends_the_thread_after_that_slot()
    {
        var evaluator = new ThreadEvaluator();
        var signal = new Signal<int>();
        using var emitted = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var seen = new List<int>();
        Thread? thread = null;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                Bounded.Wait(emitted, "both emissions");
                thread = Thread.CurrentThread;
                seen.Add(value);
                evaluator.Dispose();
                done.Set();
            }
        );
        signal.Emit(1);
        signal.Emit(2);
        emitted.Set();

        Bounded.Wait(done, "the slot");

        Assert.That(thread!.Join(Bounded.Limit), Is.True);
        Assert.That(seen, Is.EqualTo([1]));
    }

    [Test]
    public void E8_disposing_again_after_the_thread_has_ended_does_nothing()
    {
        var evaluator = new ThreadEvaluator();
        Thread thread = ThreadOf(evaluator);
        evaluator.Dispose();
        Assert.That(thread.Join(Bounded.Limit), Is.True);

        Assert.That(evaluator.Dispose, Throws.Nothing);
        Assert.That(evaluator.Dispose, Throws.Nothing);
    }

    [Test]
    public void E8_an_emission_that_was_queued_just_before_disposal_does_not_throw()
    {
        var evaluator = new ThreadEvaluator();
        Thread thread = ThreadOf(evaluator);
        evaluator.Dispose();
        Assert.That(thread.Join(Bounded.Limit), Is.True);

        // The callback of an emitting thread that queued before the disposal but continues after it.
        MethodInfo added = typeof(ThreadEvaluator).GetMethod("OnInvocationAdded", BindingFlags.Instance | BindingFlags.NonPublic)!;

        Assert.That(() => added.Invoke(evaluator, []), Throws.Nothing);
    }

    [Test]
    public void E10_options_are_required()
    {
        Assert.That(() => new ThreadEvaluator(null, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
    }

    [Test]
    public void E10_options_limit_the_queue()
    {
        using var started = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var ended = new TaskCompletionSource();
        using var evaluator = new ThreadEvaluator(
            "bounded",
            new ConnectionEvaluatorOptions { Capacity = 1, FullMode = System.Threading.Channels.BoundedChannelFullMode.DropWrite }
        );
        var signal = new Signal<int>();
        signal.ConnectDeferred(
            evaluator,
            _ =>
            {
                started.Set();
                Bounded.Wait(proceed, "the test to continue");
                ended.SetResult();
            }
        );
        signal.Emit(1);
        Bounded.Wait(started, "the slot");

        signal.Emit(2);
        signal.Emit(3);
        long dropped = evaluator.DroppedCount;
        // No slot may start after this one, and this one must have ended, because the test's events are disposed by then.
        evaluator.Dispose();
        proceed.Set();
        Assert.That(ended.Task.Wait(Bounded.Limit), Is.True, "The slot has ended.");

        Assert.That(dropped, Is.EqualTo(1));
    }

    private static Thread ThreadOf(ThreadEvaluator evaluator)
    {
        var signal = new Signal();
        using var done = new ManualResetEventSlim();
        Thread? thread = null;
        using ConnectionHandle handle = signal.ConnectDeferred(
            evaluator,
            () =>
            {
                thread = Thread.CurrentThread;
                done.Set();
            }
        );
        signal.Emit();
        Bounded.Wait(done, "the evaluator's thread");
        return thread!;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference MakeAndDispose()
    {
        var evaluator = new ThreadEvaluator();
        evaluator.Dispose();
        return new WeakReference(evaluator);
    }
}
