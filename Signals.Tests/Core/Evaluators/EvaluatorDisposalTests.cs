using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class EvaluatorDisposalTests
{
    [Test]
    public void E8_disposing_ends_the_connections_deferred_on_it_and_no_others()
    {
        var evaluator = new ConnectionEvaluator();
        using var other = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var lone = new Signal();
        int plain = 0;
        int deferred = 0;
        var ended = new List<ConnectionHandle>
        {
            signal.ConnectDeferred(evaluator, (int _) => deferred++),
            signal.ConnectDeferredReflective(evaluator, (_, _) => deferred++),
            signal.ConnectDeferredSingleShot(evaluator, _ => deferred++),
            signal.ConnectDeferredLatest(evaluator, (int _) => deferred++),
            lone.ConnectDeferred(evaluator, () => deferred++),
        };
        ConnectionHandle stays = signal.Connect((int _) => plain++);
        ConnectionHandle elsewhere = signal.ConnectDeferred(other, (int _) => plain++);
        ended[0].Block(true);
        signal.Emit(1);

        evaluator.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(evaluator.IsDisposed, Is.True);
            Assert.That(ended.Any(handle => handle.IsActive), Is.False);
            Assert.That((stays.IsActive, elsewhere.IsActive), Is.EqualTo((true, true)));
            Assert.That((signal.ConnectionCount, lone.ConnectionCount), Is.EqualTo((2, 0)));
            Assert.That(evaluator.PendingCount, Is.Zero);
            Assert.That(() => signal.Emit(2), Throws.Nothing);
            Assert.That(lone.Emit, Throws.Nothing);
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
            Assert.That(other.EvaluateDeferredConnections(), Is.EqualTo(2));
            Assert.That((plain, deferred), Is.EqualTo((4, 0)));
            Assert.That(evaluator.DroppedCount, Is.Zero, "removed, not dropped");
        }
    }

    [Test]
    public void E8_an_evaluator_is_not_disposed_from_the_start()
    {
        using var evaluator = new ConnectionEvaluator();

        Assert.That(evaluator.IsDisposed, Is.False);
    }

    [Test]
    public void E8_connecting_on_a_disposed_evaluator_is_refused_and_names_it()
    {
        var evaluator = new ConnectionEvaluator();
        evaluator.Dispose();
        var signal = new Signal<int>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => signal.ConnectDeferred(evaluator, (int _) => { }),
                Throws
                    .TypeOf<ObjectDisposedException>()
                    .With.Property("ObjectName")
                    .EqualTo(nameof(ConnectionEvaluator))
                    .And.Message.Contains("This ConnectionEvaluator has been disposed")
            );
            Assert.That(() => signal.ConnectDeferredReflective(evaluator, (_, _) => { }), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => signal.ConnectDeferredSingleShot(evaluator, _ => { }), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => signal.ConnectDeferredLatest(evaluator, (int _) => { }), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(signal.IsEmpty, Is.True);
        }
    }

    [Test]
    public void E8_disposing_twice_does_nothing_more([ValueSource(typeof(EvaluatorKinds), nameof(EvaluatorKinds.All))] Func<ConnectionEvaluator> make)
    {
        ConnectionEvaluator evaluator = make();
        var signal = new Signal();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, () => { });

        evaluator.Dispose();
        evaluator.Dispose();

        Assert.That((evaluator.IsDisposed, handle.IsActive), Is.EqualTo((true, false)));
    }

    [Test]
    public void E8_applies_to_every_kind_of_evaluator([ValueSource(typeof(EvaluatorKinds), nameof(EvaluatorKinds.All))] Func<ConnectionEvaluator> make)
    {
        ConnectionEvaluator evaluator = make();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, (int _) => { });

        evaluator.Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((handle.IsActive, signal.ConnectionCount, evaluator.PendingCount), Is.EqualTo((false, 0, 0)));
            Assert.That(() => signal.Emit(1), Throws.Nothing);
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
            Assert.That(
                () => signal.ConnectDeferred(evaluator, (int _) => { }),
                Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo(evaluator.GetType().Name)
            );
        }
    }

    [Test]
    public void E8_disposing_inside_a_slot_skips_invocations_that_have_not_started()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<(int Value, int Pending)>();
        signal.ConnectDeferred(
            evaluator,
            (int value) =>
            {
                signal.Emit(value + 10);
                evaluator.Dispose();
                seen.Add((value, evaluator.PendingCount));
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([(1, 0)]));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
    }

    [Test]
    public void E8_disposing_while_another_thread_evaluates_does_not_wait_and_skips_the_rest()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        using var started = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        signal.ConnectDeferred(
            evaluator,
            (int _) =>
            {
                started.Set();
                Bounded.Wait(proceed, "the test to continue");
            }
        );
        signal.Emit(1);
        signal.Emit(2);
        int ran = 0;
        var evaluating = new Worker(() => ran = evaluator.EvaluateDeferredConnections());
        Bounded.Wait(started, "the slot");

        evaluator.Dispose();
        bool stillInside = evaluating.IsRunning;
        proceed.Set();
        evaluating.Join();

        Assert.That((stillInside, ran, evaluator.PendingCount), Is.EqualTo((true, 1, 0)));
    }

    [Test]
    public void E8_disposing_ends_the_wait_for_invocations()
    {
        var evaluator = new ConnectionEvaluator();
        Task first = evaluator.WaitForInvocationsAsync().AsTask();
        Task second = evaluator.WaitForInvocationsAsync().AsTask();

        new Worker(evaluator.Dispose).Join();

        Assert.That(
            () => first.WaitAsync(Bounded.Limit),
            Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo(nameof(ConnectionEvaluator))
        );
        Assert.That(() => second.WaitAsync(Bounded.Limit), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void E8_waiting_on_a_disposed_evaluator_is_refused_immediately()
    {
        var evaluator = new ConnectionEvaluator();
        evaluator.Dispose();

        Task waiting = evaluator.WaitForInvocationsAsync().AsTask();

        Assert.That(waiting.IsFaulted, Is.True);
        Assert.That(async () => await waiting, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void E8_disposing_releases_an_emitter_that_waits_for_room()
    {
        var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.Wait });
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, (int _) => { });
        signal.Emit(1);
        var emitter = new Worker(() => signal.Emit(2));
        emitter.WaitUntilBlocked();

        evaluator.Dispose();
        emitter.Join();

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount, signal.ConnectionCount), Is.EqualTo((0, 0L, 0)));
    }

    [Test]
    public void E8_a_connection_made_from_a_slot_of_a_disposed_evaluator_is_refused()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        Exception? thrown = null;
        signal.ConnectDeferred(
            evaluator,
            (int _) =>
            {
                evaluator.Dispose();
                thrown = Assert.Catch(() => signal.ConnectDeferred(evaluator, (int _) => { }));
            }
        );
        signal.Emit(1);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(thrown, Is.TypeOf<ObjectDisposedException>());
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void E8_evaluating_a_disposed_evaluator_does_not_wait_for_the_slot_that_it_is_running()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int evaluated = -1;
        signal.ConnectDeferred(
            evaluator,
            (int _) =>
            {
                var waiting = new Worker(() => evaluated = evaluator.EvaluateDeferredConnections());
                waiting.WaitUntilBlocked();
                evaluator.Dispose();
                waiting.Join();
                new Worker(() => evaluated += evaluator.EvaluateDeferredConnections()).Join();
            }
        );
        signal.Emit(1);

        evaluator.EvaluateDeferredConnections();

        Assert.That(evaluated, Is.Zero);
    }

    [Test]
    public void E8_an_override_of_Dispose_receives_true()
    {
        var evaluator = new DisposalRecorder();

        evaluator.Dispose();

        Assert.That(evaluator.Seen, Is.EqualTo([true]));
    }

    private sealed class DisposalRecorder : ConnectionEvaluator
    {
        internal List<bool> Seen { get; } = [];

        protected override void Dispose(bool disposing)
        {
            Seen.Add(disposing);
            base.Dispose(disposing);
        }
    }
}
