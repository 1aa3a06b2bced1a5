using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class DeferredLeakTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void E3_captured_and_queued_objects_of_an_ended_connection_are_unreachable_without_any_evaluation(bool disconnectAll)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<object>();
        (WeakReference captured, WeakReference[] arguments) = ConnectEmitAndEnd(evaluator, signal, disconnectAll);

        AssertCollected([captured, .. arguments]);
        Assert.That(evaluator.PendingCount, Is.Zero);
        GC.KeepAlive(signal);
    }

    [Test]
    public void E3_queued_objects_are_unreachable_after_an_evaluation()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<object>();
        signal.ConnectDeferred(evaluator, (object _) => { });
        WeakReference[] arguments = Emit(signal, 20);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(20));

        AssertCollected(arguments);
    }

    [Test]
    public void E3_captured_objects_of_an_ended_connection_are_unreachable_after_the_evaluation_that_skipped_it()
    {
        using var evaluator = new ConnectionEvaluator();
        var first = new Signal();
        var signal = new Signal<object>();
        first.ConnectDeferred(evaluator, signal.DisconnectAll);
        first.Emit();
        (WeakReference captured, WeakReference[] arguments) = ConnectAndEmit(evaluator, signal);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));

        AssertCollected([captured, .. arguments]);
        GC.KeepAlive(signal);
    }

    [TestCase(BoundedChannelFullMode.DropNewest, 2)]
    [TestCase(BoundedChannelFullMode.DropOldest, 0)]
    [TestCase(BoundedChannelFullMode.DropWrite, 3)]
    public void E9_a_dropped_invocations_arguments_are_unreachable(BoundedChannelFullMode mode, int dropped)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 3, FullMode = mode });
        var signal = new Signal<object>();
        signal.ConnectDeferred(evaluator, (object _) => { });

        WeakReference[] arguments = Emit(signal, 4);

        AssertCollected([arguments[dropped]]);
        Assert.That(arguments.Where((_, i) => i != dropped).All(argument => argument.IsAlive), Is.True, "the others are queued");
        GC.KeepAlive(evaluator);
    }

    [Test]
    public void E9_a_replaced_value_is_unreachable()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<object>();
        signal.ConnectDeferredLatest(evaluator, (object _) => { });

        WeakReference[] arguments = Emit(signal, 2);

        AssertCollected([arguments[0]]);
        Assert.That(arguments[1].IsAlive, Is.True);
        GC.KeepAlive(evaluator);
    }

    [Test]
    public void E8_queued_and_captured_objects_of_a_disposed_evaluator_are_unreachable()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<object>();
        (WeakReference captured, WeakReference[] arguments) = ConnectAndEmit(evaluator, signal);

        evaluator.Dispose();

        AssertCollected([captured, .. arguments]);
        GC.KeepAlive(signal);
        GC.KeepAlive(evaluator);
    }

    [Test]
    public void An_evaluator_does_not_keep_alive_a_signal_with_deferred_connections()
    {
        using var evaluator = new ConnectionEvaluator();

        WeakReference signal = ConnectDroppedSignal(evaluator);

        AssertCollected([signal]);
        GC.KeepAlive(evaluator);
    }

    [Test]
    public void An_evaluators_register_does_not_grow_with_the_signals_that_were_dropped()
    {
        using var evaluator = new ConnectionEvaluator();
        ConnectDroppedSignals(evaluator, 1000);
        long before = Garbage.RetainedBytes();

        for (int i = 0; i < 20; i++)
        {
            ConnectDroppedSignals(evaluator, 1000);
            GC.Collect();
        }

        // A register that removed no entries would have grown by 20,000 entries with weak references of 24 bytes each.
        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(400_000));
        GC.KeepAlive(evaluator);
    }

    [Test]
    public void An_evaluator_still_finds_the_active_among_many_dropped_connections()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        var handles = new List<ConnectionHandle>();
        for (int i = 0; i < 20; i++)
        {
            handles.Add(signal.ConnectDeferred(evaluator, () => { }));
            ConnectDroppedSignals(evaluator, 20);
            GC.Collect();
        }

        evaluator.Dispose();

        Assert.That(handles.Any(handle => handle.IsActive), Is.False);
        Assert.That(signal.IsEmpty, Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Captured, WeakReference[] Arguments) ConnectEmitAndEnd(
        ConnectionEvaluator evaluator,
        Signal<object> signal,
        bool disconnectAll
    )
    {
        object captured = new();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, (object _) => GC.KeepAlive(captured));
        WeakReference[] arguments = Emit(signal, 20);
        if (disconnectAll)
        {
            signal.DisconnectAll();
        }
        else
        {
            handle.Disconnect();
        }

        return (new WeakReference(captured), arguments);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Captured, WeakReference[] Arguments) ConnectAndEmit(ConnectionEvaluator evaluator, Signal<object> signal)
    {
        object captured = new();
        signal.ConnectDeferred(evaluator, (object _) => GC.KeepAlive(captured));
        return (new WeakReference(captured), Emit(signal, 3));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Emit(Signal<object> signal, int count)
    {
        var arguments = new WeakReference[count];
        for (int i = 0; i < count; i++)
        {
            object argument = new();
            arguments[i] = new WeakReference(argument);
            signal.Emit(argument);
        }

        return arguments;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ConnectDroppedSignal(ConnectionEvaluator evaluator)
    {
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, (int _) => { });
        signal.ConnectDeferredLatest(evaluator, (int _) => { });
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        return new WeakReference(signal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ConnectDroppedSignals(ConnectionEvaluator evaluator, int count)
    {
        for (int i = 0; i < count; i++)
        {
            new Signal<int>().ConnectDeferred(evaluator, (int _) => { });
        }
    }

    private static void AssertCollected(WeakReference[] references)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(references.Count(reference => reference.IsAlive), Is.Zero);
    }
}
