using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>An asynchronous connection that has ended leaves nothing behind.</summary>
public sealed class AsyncLeakTests
{
    [Test]
    public void A3_ended_connection_keeps_nothing([Values] AsyncSlotMode mode, [Values] bool isDeferred, [Values] bool isRunning)
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<object>();
        var ends = new List<TaskCompletionSource>();
        WeakReference[] captured = ConnectEmitAndDisconnect(signal, isDeferred ? evaluator : null, mode, isRunning ? ends : null);
        ends.ForEach(end => end.SetResult());
        evaluator.EvaluateDeferredConnections();

        // Canceling the token may still be going on, on the thread pool.
        Bounded.Until(
            () =>
            {
                Garbage.Collect();
                return !captured.Any(reference => reference.IsAlive);
            },
            "the connection to be collected"
        );
        GC.KeepAlive(signal);
    }

    [Test]
    public void A5_completed_emission_keeps_no_argument()
    {
        var signal = new Signal<object>();
        signal.ConnectAsync((_, _) => default);
        WeakReference argument = Emit(signal);
        Garbage.Collect();
        Assert.That(argument.IsAlive, Is.False);
        GC.KeepAlive(signal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Emit(Signal<object> signal)
    {
        var argument = new object();
        signal.EmitAsync(argument).AsTask().Wait();
        return new WeakReference(argument);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] ConnectEmitAndDisconnect(
        Signal<object> signal,
        ConnectionEvaluator? evaluator,
        AsyncSlotMode mode,
        List<TaskCompletionSource>? ends
    )
    {
        var captured = new object();
        var argument = new object();
        async ValueTask Slot(object value, CancellationToken token)
        {
            if (ends is not null)
            {
                var end = new TaskCompletionSource();
                ends.Add(end);
                await end.Task.ConfigureAwait(false);
            }

            GC.KeepAlive(captured);
        }

        var options = new AsyncSlotOptions { Mode = mode };
        ConnectionHandle handle = evaluator is null ? signal.ConnectAsync(Slot, options) : signal.ConnectDeferredAsync(evaluator, Slot, options);
        signal.Emit(argument);
        evaluator?.EvaluateDeferredConnections();
        signal.Emit(argument);
        handle.Disconnect();
        return [new WeakReference(captured), new WeakReference(argument)];
    }
}
