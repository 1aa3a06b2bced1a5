using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>Emissions during changes of the connections.</summary>
internal static class EmissionScenarios
{
    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S2_emission_beside_a_connect_that_makes_the_table_grow_calls_each_slot_once_in_order()
    {
        var signal = new LoggingSignal(emitters: 2);
        signal.Connect(4);
        Threads.Run(() => signal.Emit(0), () => signal.Connect(1));
        Check.IsOneOf(signal.Calls(0), [0, 1, 2, 3], [0, 1, 2, 3, 4]);
        signal.Emit(1);
        Check.IsOneOf(signal.Calls(1), [0, 1, 2, 3, 4]);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S2_emission_beside_a_connect_that_compacts_the_table_calls_each_slot_once_in_order()
    {
        var signal = new LoggingSignal(emitters: 2);
        signal.Connect(4);
        signal.Disconnect(0);
        signal.Disconnect(2);
        Threads.Run(() => signal.Emit(0), () => signal.Connect(1));
        Check.IsOneOf(signal.Calls(0), [1, 3], [1, 3, 4]);
        signal.Emit(1);
        Check.IsOneOf(signal.Calls(1), [1, 3, 4]);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S2_second_connection_beside_an_emission_of_the_only_one()
    {
        var signal = new LoggingSignal(emitters: 2);
        signal.Connect(1);
        Threads.Run(() => signal.Emit(0), () => signal.Connect(1));
        Check.IsOneOf(signal.Calls(0), [0], [0, 1]);
        signal.Emit(1);
        Check.IsOneOf(signal.Calls(1), [0, 1]);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S2_emission_beside_a_connect_where_the_table_has_room()
    {
        var signal = new LoggingSignal(emitters: 2);
        signal.Connect(2);
        Threads.Run(() => signal.Emit(0), () => signal.Connect(1));
        Check.IsOneOf(signal.Calls(0), [0, 1], [0, 1, 2]);
        signal.Emit(1);
        Check.IsOneOf(signal.Calls(1), [0, 1, 2]);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S2_emission_reaches_a_connection_that_its_thread_has_seen_in_the_count()
    {
        using var signal = new Signal();
        signal.Connect(static () => { }).Disconnect();
        int calls = 0;
        bool isCounted = false;
        Threads.Run(
            () => signal.Connect(() => calls++),
            () =>
            {
                isCounted = !signal.IsEmpty;
                signal.Emit();
            }
        );
        Check.That(!isCounted || calls == 1, "The emission has missed a connection that was counted.");
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S3_slot_disconnected_beside_an_emission_is_not_started_by_later_ones()
    {
        var signal = new LoggingSignal(emitters: 2);
        signal.Connect(3);
        Threads.Run(
            () => signal.Emit(0),
            () =>
            {
                signal.Disconnect(1);
                signal.Emit(1);
            }
        );
        Check.IsOneOf(signal.Calls(0), [0, 1, 2], [0, 2]);
        Check.IsOneOf(signal.Calls(1), [0, 2]);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S8_blocking_and_moving_beside_an_emission_skips_the_blocked_slot_alone()
    {
        var signal = new LoggingSignal(emitters: 3);
        signal.Connect(4);
        Threads.Run(
            () => signal.Emit(0),
            () =>
            {
                signal.Handles[1].Block(true);
                signal.Connect(1);
                signal.Emit(1);
                signal.Handles[1].Block(false);
                signal.Emit(2);
            }
        );
        Check.IsOneOf(signal.Calls(0), [0, 1, 2, 3], [0, 2, 3], [0, 1, 2, 3, 4], [0, 2, 3, 4]);
        Check.IsOneOf(signal.Calls(1), [0, 2, 3, 4]);
        Check.IsOneOf(signal.Calls(2), [0, 1, 2, 3, 4]);
    }

    [Scenario(1000)]
    internal static void Single_shot_runs_exactly_once_beside_two_emissions()
    {
        var signal = new Signal<int>();
        int runs = 0;
        signal.Connect(_ => { });
        signal.ConnectSingleShot(_ => Interlocked.Increment(ref runs));
        Threads.Run(() => signal.Emit(0), () => signal.Emit(1));
        Check.That(runs == 1);
        Check.That(signal.ConnectionCount == 1);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void Reflective_slot_connected_beside_an_emission_gets_its_own_handle()
    {
        var signal = new Signal<int>();
        var given = new List<ConnectionHandle>();
        ConnectionHandle made = default;
        Threads.Run(() => signal.Emit(0), () => made = signal.ConnectReflective((handle, _) => given.Add(handle)));
        signal.Emit(1);
        Check.That(given.TrueForAll(handle => handle == made));
    }
}
