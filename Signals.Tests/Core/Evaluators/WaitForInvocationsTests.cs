using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class WaitForInvocationsTests
{
    [Test]
    public void E10_waiting_ends_immediately_if_an_invocation_is_queued()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        signal.Emit();

        Assert.That(evaluator.WaitForInvocationsAsync().AsTask().IsCompletedSuccessfully, Is.True);
        Assert.That(evaluator.PendingCount, Is.EqualTo(1), "waiting runs no slot");
    }

    [Test]
    public async Task E10_waiting_ends_when_an_invocation_is_queued()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        Task waiting = evaluator.WaitForInvocationsAsync().AsTask();
        bool before = waiting.IsCompleted;

        new Worker(signal.Emit).Join();
        await waiting.Within("the end of the wait");

        Assert.That((before, evaluator.PendingCount), Is.EqualTo((false, 1)));
    }

    [Test]
    public async Task E10_waiting_again_after_an_evaluation_waits_for_the_next_emission()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        for (int round = 0; round < 3; round++)
        {
            Task waiting = evaluator.WaitForInvocationsAsync().AsTask();
            Assert.That(waiting.IsCompleted, Is.False);
            signal.Emit();
            await waiting.Within("the end of the wait");
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        }
    }

    [Test]
    public void E10_invocations_of_an_active_evaluation_do_not_end_a_wait()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        bool completedInside = true;
        signal.ConnectDeferred(evaluator, () => completedInside = evaluator.WaitForInvocationsAsync().AsTask().IsCompleted);
        signal.Emit();
        signal.Emit();

        evaluator.EvaluateDeferredConnections();

        Assert.That(completedInside, Is.False);
    }

    [Test]
    public async Task E10_several_callers_may_wait()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        Task[] waiting = [.. Enumerable.Range(0, 3).Select(_ => evaluator.WaitForInvocationsAsync().AsTask())];

        signal.Emit();

        foreach (Task one in waiting)
        {
            await one.Within("the end of the wait");
        }
    }

    [Test]
    public async Task E10_canceling_one_leaves_the_others_waiting()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        using var source = new CancellationTokenSource();
        Task cancelled = evaluator.WaitForInvocationsAsync(source.Token).AsTask();
        Task stays = evaluator.WaitForInvocationsAsync().AsTask();

        await source.CancelAsync();

        Assert.That(
            () => cancelled.WaitAsync(Bounded.Limit),
            Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(source.Token)
        );
        Assert.That(stays.IsCompleted, Is.False);
        signal.Emit();
        await stays.Within("the end of the wait");
    }

    [Test]
    public void E10_a_canceled_token_takes_precedence()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        signal.Emit();

        Task waiting = evaluator.WaitForInvocationsAsync(new CancellationToken(canceled: true)).AsTask();

        Assert.That(waiting.IsCanceled, Is.True);
    }

    [Test]
    public async Task E10_disposal_after_every_waiter_was_canceled_does_not_throw()
    {
        var evaluator = new ConnectionEvaluator();
        using var source = new CancellationTokenSource();
        Task cancelled = evaluator.WaitForInvocationsAsync(source.Token).AsTask();
        await source.CancelAsync();
        Assert.That(() => cancelled.WaitAsync(Bounded.Limit), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(evaluator.Dispose, Throws.Nothing);
    }

    [Test]
    public async Task E10_a_waiter_does_not_run_on_the_emitting_thread()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        signal.ConnectDeferred(evaluator, () => { });
        int emitting = 0;
        Task<int> continued = ContinueAsync();

        new Worker(() =>
        {
            emitting = Environment.CurrentManagedThreadId;
            signal.Emit();
        }).Join();

        Assert.That(await continued.WaitAsync(Bounded.Limit), Is.Not.EqualTo(emitting));

        async Task<int> ContinueAsync()
        {
            await evaluator.WaitForInvocationsAsync().ConfigureAwait(false);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Test]
    public async Task E10_explicit_evaluation_runs_all_emissions_of_another_thread()
    {
        const int Count = 1000;
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        var emitter = new Worker(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                signal.Emit(i);
            }
        });

        while (seen.Count < Count)
        {
            await evaluator.WaitForInvocationsAsync().Within("an invocation");
            evaluator.EvaluateDeferredConnections();
        }

        emitter.Join();
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, Count)));
    }
}
