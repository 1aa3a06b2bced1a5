using System.Threading.Channels;
using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>Asynchronous slots, whose runs end beside emissions and disconnects.</summary>
internal static class AsyncSlotScenarios
{
    [Scenario(1000)]
    internal static async Task A2_switch_runs_the_newer_of_two_emissions_beside_a_completion()
    {
        var runs = new AsyncRuns(3);
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(runs.RunAsync, new AsyncSlotOptions { Mode = AsyncSlotMode.Switch });
        signal.Emit(0);
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                signal.Emit(2);
            },
            () => runs.End(0)
        );
        runs.End(2);
        await handle.WhenIdleAsync();
        Check.IsOneOf(runs.Started, [0, 1, 2], [0, 2]);
        Check.That(!runs.HasOverlapped && runs.IsIdle && !runs.IsCanceled(2));
    }

    [Scenario(1000)]
    internal static async Task A2_switch_cancels_for_emissions_of_two_threads_and_runs_the_newer()
    {
        var runs = new AsyncRuns(3);
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(runs.RunAsync, new AsyncSlotOptions { Mode = AsyncSlotMode.Switch });
        signal.Emit(0);
        Threads.Run(() => signal.Emit(1), () => signal.Emit(2));
        runs.End(1);
        runs.End(2);
        await handle.WhenIdleAsync();
        Check.IsOneOf(runs.Started, [0, 1], [0, 2], [0, 1, 2], [0, 2, 1]);
        Check.That(!runs.HasOverlapped && runs.IsIdle && runs.IsCanceled(0));
    }

    [Scenario(1000)]
    internal static async Task A2_sequential_loses_no_emission_beside_a_completion()
    {
        var runs = new AsyncRuns(2);
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(runs.RunAsync);
        signal.Emit(0);
        Threads.Run(() => signal.Emit(1), () => runs.End(0));
        runs.End(1);
        await handle.WhenIdleAsync();
        Check.IsOneOf(runs.Started, [0, 1]);
        Check.That(!runs.HasOverlapped && runs.IsIdle);
    }

    [Scenario(1000)]
    internal static async Task A2_emission_that_waits_for_room_continues_when_a_run_ends()
    {
        var runs = new AsyncRuns(3);
        var signal = new Signal<int>();
        var options = new AsyncSlotOptions { Capacity = 1, FullMode = BoundedChannelFullMode.Wait };
        ConnectionHandle handle = signal.ConnectAsync(runs.RunAsync, options);
        signal.Emit(0);
        signal.Emit(1);
        Threads.Run(() => signal.Emit(2), () => runs.End(0));
        runs.End(1);
        runs.End(2);
        await handle.WhenIdleAsync();
        Check.IsOneOf(runs.Started, [0, 1, 2]);
    }

    [Scenario(1000)]
    internal static void A13_disconnect_async_beside_an_emission_leaves_no_run()
    {
        var runs = new AsyncRuns(1);
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(runs.RunAsync);
        int startedBefore = 0;
        Threads.Run(
            () => signal.Emit(0),
            () =>
            {
                Wait(handle.DisconnectAsync());
                Check.That(runs.IsIdle);
                startedBefore = runs.Started.Count;
            }
        );
        Check.That(runs.Started.Count == startedBefore);
    }

    [Scenario(1000)]
    internal static void A13_disconnect_async_beside_a_completion_starts_no_queued_run_afterwards()
    {
        var runs = new AsyncRuns(2);
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(runs.RunAsync);
        signal.Emit(0);
        signal.Emit(1);
        int startedBefore = 0;
        Threads.Run(
            () => runs.End(0),
            () =>
            {
                Wait(handle.DisconnectAsync());
                Check.That(runs.IsIdle);
                startedBefore = runs.Started.Count;
            }
        );
        Check.That(runs.Started.Count == startedBefore && !runs.HasOverlapped);
    }

    [Scenario(1000)]
    internal static void A13_disconnect_async_beside_an_evaluation_waits_for_the_deferred_slot()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int inside = 0;
        int runs = 0;
        ConnectionHandle handle = signal.ConnectDeferred(
            evaluator,
            _ =>
            {
                Interlocked.Increment(ref inside);
                runs++;
                Interlocked.Decrement(ref inside);
            }
        );
        signal.Emit(0);
        signal.Emit(1);
        int runsBefore = 0;
        Threads.Run(
            () => evaluator.EvaluateDeferredConnections(),
            () =>
            {
                Wait(handle.DisconnectAsync());
                Check.That(Volatile.Read(ref inside) == 0);
                runsBefore = runs;
            }
        );
        Check.That(runs == runsBefore);
    }

    [Scenario(1000)]
    internal static void A5_emission_beside_the_completion_of_its_run_ends()
    {
        var runs = new AsyncRuns(1);
        var signal = new Signal<int>();
        signal.ConnectAsync(runs.RunAsync);
        Threads.Run(() => Wait(signal.EmitAsync(0)), () => runs.End(0));
        Check.IsOneOf(runs.Started, [0]);
        Check.That(runs.IsIdle);
    }

    [Scenario(1000)]
    internal static void A5_cancellation_beside_an_emission_ends_its_run()
    {
        var runs = new AsyncRuns(1);
        var signal = new Signal<int>();
        signal.ConnectAsync(runs.RunAsync);
        using var cancellation = new CancellationTokenSource();
        bool isCanceled = false;
        Threads.Run(
            () =>
            {
                try
                {
                    Wait(signal.EmitAsync(0, EmitMode.Sequential, cancellation.Token));
                }
                catch (OperationCanceledException)
                {
                    isCanceled = true;
                }
            },
            () => cancellation.Cancel()
        );
        Check.That(isCanceled && runs.IsIdle);
        Check.That(runs.Started.Count == 0 || runs.IsCanceled(0));
    }

    [Scenario(1000)]
    internal static void A9_emission_that_waits_for_its_slot_ends_when_the_evaluator_does()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int runs = 0;
        signal.ConnectBlocking(evaluator, _ => runs++);
        Threads.Run(() => signal.Emit(1), evaluator.Dispose);
        Check.That(runs == 0 && evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void A9_emission_beside_an_evaluation_and_a_disconnect_waits_for_a_slot_that_has_begun()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int begun = 0;
        int ended = 0;
        bool hasReturned = false;
        bool isLate = false;
        ConnectionHandle handle = signal.ConnectBlocking(
            evaluator,
            _ =>
            {
                isLate |= Volatile.Read(ref hasReturned);
                Interlocked.Increment(ref begun);
                Interlocked.Increment(ref ended);
            }
        );
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                Check.That(Volatile.Read(ref begun) == Volatile.Read(ref ended));
                Volatile.Write(ref hasReturned, true);
            },
            () => evaluator.EvaluateDeferredConnections(),
            handle.Disconnect
        );
        Check.That(!isLate && evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void A9_emission_waits_for_a_slot_that_ends_its_connection()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        bool hasEnded = false;
        ConnectionHandle handle = default;
        handle = signal.ConnectBlocking(
            evaluator,
            _ =>
            {
                handle.Disconnect();
                Volatile.Write(ref hasEnded, true);
            }
        );
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                Check.That(Volatile.Read(ref hasEnded));
            },
            () =>
            {
                Wait(evaluator.WaitForInvocationsAsync());
                evaluator.EvaluateDeferredConnections();
            }
        );
    }

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
