using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>A6: asynchronous slots that an evaluator starts and continues.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeferredAsyncTests
{
    private readonly CallLog _log = new();
    private readonly AsyncSlotProbe _probe = new();

    [Test]
    public void A6_slot_starts_in_the_evaluation_and_its_continuations_come_back_there()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var resume = new TaskCompletionSource();
        signal.ConnectDeferredAsync(
            evaluator,
            async (value, _) =>
            {
                _log.Add($"start{value}");
                await resume.Task;
                _log.Add($"end{value}:{evaluator.IsEvaluatingThread}");
            }
        );
        signal.Emit(1);
        Assert.That((_log.Take(), evaluator.PendingCount), Is.EqualTo(("", 1)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(_log.Take(), Is.EqualTo("start1"));
        resume.SetResult();
        Assert.That((_log.Take(), evaluator.PendingCount), Is.EqualTo(("", 1)), "the continuation is pending");
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1), "it counts as run");
        Assert.That(_log.Take(), Is.EqualTo("end1:True"));
    }

    [Test]
    public void A6_next_run_is_queued_when_the_last_piece_has_run()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        signal.ConnectDeferredAsync(
            evaluator,
            async (value, _) =>
            {
                _log.Add(value);
                await Task.Yield();
            }
        );
        signal.Emit(1);
        signal.Emit(2);
        Assert.That(evaluator.PendingCount, Is.EqualTo(1), "the second waits for the end of the first");
        evaluator.EvaluateDeferredConnections();
        Assert.That((_log.Take(), evaluator.PendingCount), Is.EqualTo(("1", 1)));
        evaluator.EvaluateDeferredConnections();
        Assert.That((_log.Take(), evaluator.PendingCount), Is.EqualTo(("", 1)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log.Take(), Is.EqualTo("2"));
    }

    [Test]
    public async Task A6_continuation_wakes_the_evaluator()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var resume = new TaskCompletionSource();
        signal.ConnectDeferredAsync(evaluator, async (_, _) => await resume.Task);
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        Task waiting = evaluator.WaitForInvocationsAsync().AsTask();
        Assert.That(waiting.IsCompleted, Is.False);
        resume.SetResult();
        await waiting.Within("the continuation");
    }

    [Test]
    public void A6_continuation_is_neither_dropped_nor_counted_against_a_capacity()
    {
        var options = new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.DropOldest };
        using var evaluator = new ConnectionEvaluator(options);
        var signal = new Signal<int>();
        var plain = new Signal<int>();
        var resume = new TaskCompletionSource();
        signal.ConnectDeferredAsync(
            evaluator,
            async (_, _) =>
            {
                await resume.Task;
                _log.Add("continued");
            }
        );
        plain.ConnectDeferred(evaluator, value => _log.Add(value));
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        resume.SetResult();
        plain.Emit(1);
        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((2, 0L)));
        plain.Emit(2);
        evaluator.EvaluateDeferredConnections();
        Assert.That((_log.Take(), evaluator.DroppedCount), Is.EqualTo(("continued 2", 1L)));
    }

    [Test]
    public async Task A6_continuation_is_not_taken_back_with_its_connection()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var resume = new TaskCompletionSource();
        ConnectionHandle handle = signal.ConnectDeferredAsync(
            evaluator,
            async (_, _) =>
            {
                await resume.Task;
                _log.Add("continued");
            }
        );
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        resume.SetResult();
        handle.Disconnect();
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log.Take(), Is.EqualTo("continued"));
        await handle.WhenIdleAsync().Within("the end of the run");
    }

    [Test]
    public async Task A6_continuation_of_a_disposed_evaluator_runs_on_the_thread_pool([Values] bool isQueued)
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var resume = new TaskCompletionSource();
        var continued = new TaskCompletionSource<bool>();
        ConnectionHandle handle = signal.ConnectDeferredAsync(
            evaluator,
            async (_, _) =>
            {
                await resume.Task;
                continued.SetResult(Thread.CurrentThread.IsThreadPoolThread);
            }
        );
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        if (isQueued)
        {
            resume.SetResult();
            evaluator.Dispose();
        }
        else
        {
            evaluator.Dispose();
            resume.SetResult();
        }

        Assert.That(await continued.Task.Within("the continuation"), Is.True);
        await handle.WhenIdleAsync().Within("the end of the run");
    }

    [Test]
    public async Task E4_holds_across_the_pieces()
    {
        using var evaluator = new ThreadPoolEvaluator();
        var signal = new Signal<int>();
        int inside = 0;
        bool overlapped = false;
        async ValueTask Slot(int value, CancellationToken token)
        {
            for (int i = 0; i < 20; i++)
            {
                overlapped |= Interlocked.Increment(ref inside) != 1;
                Thread.SpinWait(50);
                Interlocked.Decrement(ref inside);
                await Task.Yield();
            }
        }

        ConnectionHandle[] handles = [.. Enumerable.Range(0, 4).Select(_ => signal.ConnectDeferredAsync(evaluator, Slot))];
        for (int i = 0; i < 20; i++)
        {
            signal.Emit(i);
        }

        foreach (ConnectionHandle handle in handles)
        {
            await handle.WhenIdleAsync().Within("all runs");
        }

        Assert.That(overlapped, Is.False);
    }

    [Test]
    public void A2_run_counts_from_the_emission_that_queues_it([Values] AsyncSlotMode mode)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        signal.ConnectDeferredAsync(evaluator, _probe.Start, new AsyncSlotOptions { Mode = mode, MaxConcurrency = 1 });
        signal.Emit(1);
        signal.Emit(2);
        signal.Emit(3);
        Assert.That(evaluator.PendingCount, Is.EqualTo(1));
        evaluator.EvaluateDeferredConnections();
        Assert.That(_probe.Started, Is.EqualTo(mode == AsyncSlotMode.Switch ? "3" : "1"));
        _probe[0].End();
        evaluator.EvaluateDeferredConnections();
        string expected = mode switch
        {
            AsyncSlotMode.Drop => "1",
            AsyncSlotMode.Latest => "1 3",
            AsyncSlotMode.Switch => "3",
            _ => "1 2",
        };
        Assert.That(_probe.Started, Is.EqualTo(expected));
    }

    [Test]
    public async Task A3_ending_dequeues_the_run_that_has_not_started([Values] bool disposeEvaluator)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferredAsync(evaluator, _probe.Start);
        Task emitted = signal.EmitAsync(1).AsTask();
        Task queued = signal.EmitAsync(2).AsTask();
        if (disposeEvaluator)
        {
            evaluator.Dispose();
        }
        else
        {
            handle.Disconnect();
        }

        await emitted.Within("the dropped emission");
        await queued.Within("the queued emission");
        Assert.That(evaluator.PendingCount, Is.EqualTo(0));
        evaluator.EvaluateDeferredConnections();
        Assert.That((_probe.Started, handle.IsActive, handle.WhenIdleAsync().AsTask().IsCompleted), Is.EqualTo(("", false, true)));
    }

    [Test]
    public async Task A5_run_that_the_evaluators_capacity_drops_counts_as_ended()
    {
        var options = new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.DropOldest };
        using var evaluator = new ConnectionEvaluator(options);
        var signal = new Signal<int>();
        var plain = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferredAsync(evaluator, _probe.Start);
        plain.ConnectDeferred(evaluator, _ => { });
        Task emitted = signal.EmitAsync(1).AsTask();
        plain.Emit(1);
        await emitted.Within("the dropped emission");
        Assert.That(handle.WhenIdleAsync().AsTask().IsCompleted, Is.True);
        evaluator.EvaluateDeferredConnections();
        signal.Emit(2);
        evaluator.EvaluateDeferredConnections();
        Assert.That(_probe.Started, Is.EqualTo("2"));
    }

    [Test]
    public async Task A2_run_that_the_evaluators_capacity_drops_lets_the_next_one_start()
    {
        var options = new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.DropOldest };
        using var evaluator = new ConnectionEvaluator(options);
        var signal = new Signal<int>();
        var plain = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferredAsync(evaluator, (_, _) => default);
        plain.ConnectDeferred(evaluator, _ => { });
        Task dropped = signal.EmitAsync(1).AsTask();
        Task queued = signal.EmitAsync(2).AsTask();
        plain.Emit(1);
        await dropped.Within("the dropped emission");
        while (evaluator.PendingCount > 0)
        {
            evaluator.EvaluateDeferredConnections();
        }

        await queued.Within("the emission that was queued behind it");
        Assert.That(handle.WhenIdleAsync().AsTask().IsCompleted, Is.True);
    }

    [Test]
    public async Task A8_deferred_connection_is_idle_when_nothing_of_it_is_queued_or_runs()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => { });
        Assert.That(handle.WhenIdleAsync().AsTask().IsCompleted, Is.True);
        signal.Emit(1);
        Task idle = handle.WhenIdleAsync().AsTask();
        Assert.That(idle.IsCompleted, Is.False);
        evaluator.EvaluateDeferredConnections();
        await idle.Within("the invocation");
        signal.Emit(2);
        Task ended = handle.WhenIdleAsync().AsTask();
        handle.Disconnect();
        await ended.Within("the end of the connection");
    }

    [Test]
    public async Task A13_disconnecting_asynchronously_waits_for_the_deferred_slot_that_is_running([Values] bool singleShot)
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        Action<int> slot = _ =>
        {
            inside.Set();
            Bounded.Wait(leave, "the test");
        };
        ConnectionHandle handle = singleShot ? signal.ConnectDeferredSingleShot(evaluator, slot) : signal.ConnectDeferred(evaluator, slot);
        signal.Emit(1);
        var evaluating = new Worker(() => evaluator.EvaluateDeferredConnections());
        Bounded.Wait(inside, "the slot");
        Task ended = handle.DisconnectAsync().AsTask();
        Assert.That((handle.IsActive, ended.IsCompleted), Is.EqualTo((false, false)));
        leave.Set();
        evaluating.Join();
        await ended.Within("the end of the slot");
    }

    [Test]
    public void A4_failure_goes_to_the_handler_and_the_evaluation_does_not_throw()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var options = new AsyncSlotOptions { ExceptionHandler = (exception, _) => _log.Add(exception.Message) };
        signal.ConnectDeferredAsync(evaluator, (_, _) => throw new InvalidOperationException("broken"), options);
        signal.Emit(1);
        signal.Emit(2);
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(_log.Take(), Is.EqualTo("broken broken"));
    }

    [Test]
    public void A6_round_restores_the_context_of_its_thread()
    {
        using var evaluator = new ConnectionEvaluator();
        evaluator.EnableContinuations();
        SynchronizationContext? during = null;
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => during = SynchronizationContext.Current);
        SynchronizationContext? before = SynchronizationContext.Current;
        signal.Emit();
        evaluator.EvaluateDeferredConnections();
        Assert.That(during, Is.InstanceOf<EvaluatorContext>());
        Assert.That(SynchronizationContext.Current, Is.SameAs(before));
    }

    [Test]
    public void A6_send_runs_in_a_round()
    {
        using var evaluator = new ConnectionEvaluator();
        evaluator.EnableContinuations();
        var context = new EvaluatorContext(evaluator);
        bool inRound = false;
        var sending = new Worker(() => context.Send(_ => inRound = evaluator.IsEvaluatingThread, null));
        Bounded.Until(() => evaluator.PendingCount == 1, "the callback");
        evaluator.EvaluateDeferredConnections();
        sending.Join();
        Assert.That(inRound, Is.True);
    }
}
