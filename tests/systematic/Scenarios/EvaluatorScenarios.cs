using System.Threading.Channels;
using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>Deferred connections and the evaluators that run them.</summary>
internal static class EvaluatorScenarios
{
    [Scenario(1000)]
    internal static void E3_nothing_is_pending_when_either_of_two_disconnects_returns()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int runs = 0;
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => runs++);
        signal.Emit(1);
        signal.Emit(2);
        Threads.Run(Disconnect, Disconnect);
        Check.That(evaluator.EvaluateDeferredConnections() == 0);
        Check.That(runs == 0);

        void Disconnect()
        {
            handle.Disconnect();
            Check.That(evaluator.PendingCount == 0);
        }
    }

    [Scenario(1000)]
    internal static void E3_disconnect_beside_an_evaluation_lets_no_further_invocation_start()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        bool hasEnded = false;
        int lateRuns = 0;
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => lateRuns += hasEnded ? 1 : 0);
        signal.Emit(1);
        signal.Emit(2);
        signal.Emit(3);
        Threads.Run(
            () => evaluator.EvaluateDeferredConnections(),
            () =>
            {
                handle.Disconnect();
                hasEnded = true;
            }
        );

        // The one that had been fetched may run.
        Check.That(lateRuns <= 1);
        Check.That(evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void E3_emission_beside_a_disconnect_leaves_nothing_pending()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => { });
        signal.Emit(1);
        Threads.Run(() => signal.Emit(2), handle.Disconnect);
        Check.That(evaluator.PendingCount == 0 && evaluator.EvaluateDeferredConnections() == 0);
    }

    [Scenario(1000)]
    internal static void E4_two_evaluations_run_one_slot_at_a_time_and_all_that_is_queued()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int inside = 0;
        int[] done = new int[2];
        int[] runs = new int[2];
        signal.ConnectDeferred(
            evaluator,
            thread =>
            {
                Check.That(Interlocked.Increment(ref inside) == 1);
                done[thread]++;
                Check.That(Interlocked.Decrement(ref inside) == 0);
            }
        );
        Threads.Run(() => EmitAndEvaluate(0), () => EmitAndEvaluate(1));
        Check.That(runs.Sum() == 2 && evaluator.PendingCount == 0);

        void EmitAndEvaluate(int thread)
        {
            signal.Emit(thread);
            runs[thread] = evaluator.EvaluateDeferredConnections();
            Check.That(done[thread] == 1);
        }
    }

    [Scenario(1000)]
    internal static void E8_emission_beside_the_evaluators_disposal_leaves_nothing_pending()
    {
        var signal = new Signal<string>();
        var evaluator = new ConnectionEvaluator();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => { });
        Threads.Run(() => signal.Emit("late"), evaluator.Dispose);
        Check.That(!handle.IsActive && evaluator.PendingCount == 0 && evaluator.EvaluateDeferredConnections() == 0);
    }

    [Scenario(1000)]
    internal static void E9_emission_that_waits_for_room_continues_when_there_is_some()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator(Bounded(1));
        var values = new List<int>();
        signal.ConnectDeferred(evaluator, values.Add);
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                signal.Emit(2);
            },
            () =>
            {
                int runs = 0;
                while (runs < 2)
                {
                    Wait(evaluator);
                    runs += evaluator.EvaluateDeferredConnections();
                }
            }
        );
        Check.IsOneOf(values, [1, 2]);
        Check.That(evaluator.DroppedCount == 0);
    }

    [Scenario(1000)]
    internal static void E9_emission_that_waits_for_room_continues_as_the_evaluation_begins()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator(Bounded(1));
        var emitted = new TaskCompletionSource();
        signal.ConnectDeferred(evaluator, _ => emitted.Task.Wait());
        signal.Emit(1);
        Threads.Run(
            () =>
            {
                signal.Emit(2);
                emitted.SetResult();
            },
            () => evaluator.EvaluateDeferredConnections()
        );
        Check.That(evaluator.EvaluateDeferredConnections() <= 1 && evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void E9_emission_that_waits_for_room_ends_when_its_connection_does()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator(Bounded(1));
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => { });
        signal.Emit(1);
        Threads.Run(() => signal.Emit(2), handle.Disconnect);
        Check.That(evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void E9_emission_that_waits_for_room_ends_when_the_evaluator_does()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator(Bounded(1));
        signal.ConnectDeferred(evaluator, _ => { });
        signal.Emit(1);
        Threads.Run(() => signal.Emit(2), evaluator.Dispose);
        Check.That(evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void Deferred_single_shot_runs_exactly_once_beside_two_emissions_and_an_evaluation()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int runs = 0;
        ConnectionHandle handle = signal.ConnectDeferredSingleShot(evaluator, _ => runs++);
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                evaluator.EvaluateDeferredConnections();
            },
            () =>
            {
                signal.Emit(2);
                Check.That(evaluator.PendingCount <= 1);
            }
        );
        evaluator.EvaluateDeferredConnections();
        Check.That(runs == 1 && !handle.IsActive && evaluator.PendingCount == 0);
    }

    [Scenario(1000)]
    internal static void E10_pump_runs_all_that_two_threads_emit_one_at_a_time()
    {
        const int EachEmits = 2;
        var signal = new Signal<int, int>();
        using var evaluator = new ThreadPoolEvaluator();
        var done = new TaskCompletionSource();
        int inside = 0;
        int runs = 0;
        int[] last = new int[2];
        signal.ConnectDeferred(
            evaluator,
            (thread, number) =>
            {
                Check.That(Interlocked.Increment(ref inside) == 1);
                Check.That(number == last[thread] + 1);
                last[thread] = number;
                Check.That(Interlocked.Decrement(ref inside) == 0);
                if (++runs == 2 * EachEmits)
                {
                    done.SetResult();
                }
            }
        );
        Threads.Run(() => Emit(0), () => Emit(1));
        done.Task.Wait();
        Check.That(evaluator.PendingCount == 0);

        void Emit(int thread)
        {
            for (int number = 1; number <= EachEmits; number++)
            {
                signal.Emit(thread, number);
            }
        }
    }

    [Scenario(1000)]
    internal static void E10_evaluator_with_a_thread_misses_no_emission_as_the_thread_goes_to_sleep()
    {
        // More than the evaluator has arrays: from the third round on, emissions take the fast path.
        const int Emissions = 4;
        var signal = new Signal<int>();
        using var evaluator = new ThreadEvaluator();
        var done = new TaskCompletionSource();
        int runs = 0;
        signal.ConnectDeferred(
            evaluator,
            _ =>
            {
                if (++runs == Emissions)
                {
                    done.SetResult();
                }
            }
        );
        for (int i = 0; i < Emissions; i++)
        {
            signal.Emit(i);
        }

        done.Task.Wait();
    }

    [Scenario(1000)]
    internal static void E10_wait_for_invocations_beside_an_emission_ends()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        int runs = 0;
        signal.ConnectDeferred(evaluator, _ => { });
        Warm(signal, evaluator);
        Threads.Run(
            () =>
            {
                Wait(evaluator);
                runs = evaluator.EvaluateDeferredConnections();
            },
            () => signal.Emit(1)
        );
        Check.That(runs == 1);
    }

    [Scenario(1000)]
    internal static void E10_wait_for_invocations_beside_the_disposal_fails()
    {
        var evaluator = new ConnectionEvaluator();
        bool hasFailed = false;
        Threads.Run(
            () =>
            {
                try
                {
                    Wait(evaluator);
                }
                catch (ObjectDisposedException)
                {
                    hasFailed = true;
                }
            },
            evaluator.Dispose
        );
        Check.That(hasFailed);
    }

    /// <summary>Makes the evaluator create both arrays, so that emissions take the fast path.</summary>
    private static void Warm(Signal<int> signal, ConnectionEvaluator evaluator)
    {
        for (int round = 0; round < 2; round++)
        {
            signal.Emit(0);
            evaluator.EvaluateDeferredConnections();
        }
    }

    private static void Wait(ConnectionEvaluator evaluator) => evaluator.WaitForInvocationsAsync().AsTask().GetAwaiter().GetResult();

    private static ConnectionEvaluatorOptions Bounded(int capacity) => new() { Capacity = capacity, FullMode = BoundedChannelFullMode.Wait };
}
