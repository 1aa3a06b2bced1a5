using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Connecting;

/// <summary>A12: connections that are deferred and weak.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DeferredWeakTests : IDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly Signal<int> _signal = new();

    public void Dispose()
    {
        _signal.Dispose();
        _evaluator.Dispose();
    }

    [Test]
    public void A12_slot_runs_in_the_evaluation_with_its_target()
    {
        var target = new List<int>();
        ConnectionHandle handle = _signal.ConnectDeferredWeak(_evaluator, target, static (list, value) => list.Add(value));
        _signal.Emit(1);
        Assert.That(target, Is.Empty);
        Assert.That(_evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(target, Is.EqualTo([1]));
        _signal.Emit(2);
        handle.Disconnect();
        Assert.That(_evaluator.PendingCount, Is.Zero);
        _signal.ConnectDeferredWeak(_evaluator, target, static (list, value) => list.Add(value));
        _evaluator.Dispose();
        Assert.That(_signal.IsEmpty, Is.True);
        GC.KeepAlive(target);
    }

    [Test]
    public void A12_queue_does_not_keep_the_target_and_its_invocations_do_not_run_and_are_not_counted()
    {
        int runs = 0;
        WeakReference target = ConnectAndEmit(() => runs++);
        Garbage.Collect();
        Assert.That(target.IsAlive, Is.False);
        Assert.That(_evaluator.EvaluateDeferredConnections(), Is.Zero);
        Assert.That(runs, Is.Zero);
    }

    [Test]
    public void A12_connection_of_a_dead_target_is_removed_by_the_next_emission_or_connect([Values] bool emit)
    {
        ConnectAndEmit(() => { });
        Garbage.Collect();
        if (emit)
        {
            _signal.Emit(2);
            Assert.That(_signal.ConnectionCount, Is.Zero);
        }
        else
        {
            _signal.Connect(_ => { });
            Assert.That(_signal.ConnectionCount, Is.EqualTo(1));
        }

        Assert.That(_evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void A12_slot_that_is_a_method_of_its_target_is_refused()
    {
        Assert.That(() => _signal.ConnectDeferredWeak(_evaluator, this, Own), Throws.ArgumentException.With.Property("ParamName").EqualTo("slot"));
    }

    private void Own(DeferredWeakTests target, int value) => throw new InvalidOperationException($"{target} {value}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ConnectAndEmit(Action run)
    {
        var target = new object();
        _signal.ConnectDeferredWeak(_evaluator, target, (_, _) => run());
        _signal.Emit(1);
        return new WeakReference(target);
    }
}
