using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class InvocationAddedTests
{
    [Test]
    public void E1_emission_to_a_deferred_connection_only_queues()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferred(evaluator, (int _) => calls++);

        signal.Emit(1);

        Assert.That((calls, evaluator.PendingCount), Is.EqualTo((0, 1)));
    }

    [Test]
    public void E1_OnInvocationAdded_is_called_on_the_emitting_thread_once_for_each_invocation_when_it_is_queued()
    {
        using var evaluator = new ObservedEvaluator();
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, (int _) => { });
        signal.ConnectDeferred(evaluator, (int _) => { });
        var seen = new List<(int Thread, int Pending)>();
        evaluator.Added = () => seen.Add((Environment.CurrentManagedThreadId, evaluator.PendingCount));
        int emitting = 0;

        new Worker(() =>
        {
            emitting = Environment.CurrentManagedThreadId;
            signal.Emit(1);
            signal.Emit(2);
        }).Join();

        Assert.That(seen, Is.EqualTo([(emitting, 1), (emitting, 2), (emitting, 3), (emitting, 4)]));
    }

    [Test]
    public void E1_OnInvocationAdded_may_evaluate_immediately()
    {
        using var evaluator = new ObservedEvaluator();
        var signal = new Signal<int>();
        var values = new List<int>();
        signal.ConnectDeferred(evaluator, values.Add);
        var evaluated = new List<int>();
        evaluator.Added = () => evaluated.Add(evaluator.EvaluateDeferredConnections());

        signal.Emit(1);
        signal.Emit(2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(values, Is.EqualTo([1, 2]));
            Assert.That(evaluated, Is.EqualTo([1, 1]));
            Assert.That(evaluator.PendingCount, Is.Zero);
        }
    }

    [Test]
    public void E1_OnInvocationAdded_may_use_the_signal_and_the_evaluator()
    {
        using var evaluator = new ObservedEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle first = signal.ConnectDeferred(evaluator, (int _) => { });
        ConnectionHandle second = default;
        evaluator.Added = () =>
        {
            evaluator.Added = null;
            second = signal.ConnectDeferred(evaluator, (int _) => { });
            signal.Emit(2);
            first.Disconnect();
        };

        signal.Emit(1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.IsActive, Is.False);
            Assert.That(second.IsActive, Is.True);
            Assert.That(evaluator.PendingCount, Is.EqualTo(1), "the second connection's one");
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        }
    }

    [Test]
    public void E1_OnInvocationAdded_is_called_outside_every_lock()
    {
        using var evaluator = new ObservedEvaluator();
        var signal = new Signal<int>();
        var values = new List<int>();
        signal.ConnectDeferred(evaluator, values.Add);
        using var added = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        evaluator.Added = () =>
        {
            added.Set();
            Bounded.Wait(proceed, "the test to continue");
        };
        var emitter = new Worker(() => signal.Emit(1));
        Bounded.Wait(added, "OnInvocationAdded");

        evaluator.Added = null;
        var others = new Worker(() =>
        {
            ConnectionHandle handle = signal.ConnectDeferred(evaluator, values.Add);
            signal.Emit(2);
            handle.Disconnect();
            Assert.That(evaluator.PendingCount, Is.EqualTo(2));
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        });
        others.Join();
        bool stillInside = emitter.IsRunning;
        proceed.Set();
        emitter.Join();

        Assert.That(stillInside, Is.True);
        Assert.That(values, Is.EqualTo([1, 2]));
    }

    [Test]
    public void E1_exception_of_OnInvocationAdded_reaches_the_emitter_and_the_invocation_stays_queued()
    {
        using var evaluator = new ObservedEvaluator();
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, (int _) => { });
        var expected = new InvalidOperationException("no room on the pump");
        evaluator.Added = () => throw expected;

        Assert.That(() => signal.Emit(1), Throws.Exception.SameAs(expected));
        Assert.That(evaluator.PendingCount, Is.EqualTo(1));
    }

    [Test]
    public void E1_OnInvocationAdded_is_not_called_for_invocations_that_are_not_added()
    {
        using var evaluator = new ObservedEvaluator(new ConnectionEvaluatorOptions { Capacity = 3, FullMode = BoundedChannelFullMode.DropWrite });
        int added = 0;
        evaluator.Added = () => added++;
        var latest = new Signal<int>();
        latest.ConnectDeferredLatest(evaluator, (int _) => { });
        var once = new Signal<int>();
        once.ConnectDeferredSingleShot(evaluator, (int _) => { });
        var plain = new Signal<int>();
        plain.ConnectDeferred(evaluator, (int _) => { });

        latest.Emit(1);
        latest.Emit(2);
        once.Emit(1);
        once.Emit(2);
        plain.Emit(1);
        plain.Emit(2);

        Assert.That((added, evaluator.PendingCount), Is.EqualTo((3, 3)));
    }
}
