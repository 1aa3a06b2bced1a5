using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>Connections, their handles, and the disposal of their owners.</summary>
internal static class ConnectionScenarios
{
    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S10_first_two_connects_beside_each_other_make_two_connections()
    {
        var signal = new Signal<int>();
        int calls = 0;
        ConnectionHandle first = default;
        ConnectionHandle second = default;
        Threads.Run(() => first = signal.Connect(_ => calls++), () => second = signal.Connect(_ => calls++));
        Check.That(first.IsActive && second.IsActive && first != second);
        signal.Emit(0);
        Check.That(calls == 2);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S9_end_of_the_first_connection_beside_a_second_one_ends_only_the_first()
    {
        var signal = new Signal<int>();
        int calls = 0;
        ConnectionHandle first = signal.Connect(_ => calls += 10);
        ConnectionHandle second = default;
        Threads.Run(first.Disconnect, () => second = signal.Connect(_ => calls++));
        Check.That(!first.IsActive && second.IsActive && first != second && signal.ConnectionCount == 1);
        signal.Emit(0);
        Check.That(calls == 1);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S9_first_connection_that_two_threads_end_stays_ended_beside_a_new_one()
    {
        var signal = new Signal<int>();
        ConnectionHandle first = signal.Connect(_ => { });
        ConnectionHandle second = default;
        Threads.Run(
            first.Disconnect,
            () =>
            {
                first.Disconnect();
                Check.That(!first.IsActive);
                second = signal.Connect(_ => { });
            }
        );
        Check.That(!first.IsActive && second.IsActive && signal.ConnectionCount == 1);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S9_handle_of_the_first_connection_is_active_while_a_table_is_created()
    {
        var signal = new Signal<int>();
        ConnectionHandle first = signal.Connect(_ => { });
        Threads.Run(() => Check.That(first.IsActive && !first.IsBlocked), () => signal.Connect(_ => { }));
        Check.That(first.IsActive && signal.ConnectionCount == 2);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S12_connect_beside_dispose_leaves_no_connection()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = default;
        int calls = 0;
        Threads.Run(
            () => Refusable(() => handle = signal.Connect(_ => calls++)),
            () =>
            {
                signal.Dispose();
                signal.Emit(0);
            }
        );
        Check.That(!handle.IsActive && signal.ConnectionCount == 0 && signal.IsDisposed);
        Check.That(calls == 0);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S9_handle_of_a_standing_connection_is_active_beside_many_moves()
    {
        var signal = new LoggingSignal(emitters: 1);
        signal.Connect(1);
        ConnectionHandle standing = signal.Handles[0];
        Threads.Run(() => Check.That(standing.IsActive), signal.MoveRoundAbout);
        Check.That(standing.IsActive);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S9_handle_of_a_standing_connection_is_active_while_the_table_grows()
    {
        var signal = new LoggingSignal(emitters: 1);
        signal.Connect(4);
        signal.Disconnect(1);
        ConnectionHandle standing = signal.Handles[2];
        Threads.Run(() => Check.That(standing.IsActive), () => signal.Connect(1));
        Check.That(standing.IsActive && !signal.Handles[1].IsActive);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void S8_blocking_beside_a_disconnect_leaves_nothing_blocked()
    {
        var signal = new LoggingSignal(emitters: 1);
        signal.Connect(2);
        ConnectionHandle handle = signal.Handles[1];
        Threads.Run(
            () =>
            {
                try
                {
                    handle.Block(true);
                }
                catch (InvalidOperationException)
                {
                    // The disconnect came first.
                }
            },
            handle.Disconnect
        );
        Check.That(!handle.IsActive && !handle.IsBlocked && signal.ConnectionCount == 1);
        signal.Connect(1);
        signal.Emit(0);
        Check.IsOneOf(signal.Calls(0), [0, 2]);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void Connection_added_to_a_group_beside_its_disposal_ends()
    {
        var signal = new Signal<int>();
        var group = new ConnectionGroup();
        ConnectionHandle handle = signal.Connect(_ => { });
        Threads.Run(() => group.Add(handle), group.Dispose);
        Check.That(!handle.IsActive && signal.ConnectionCount == 0);
    }

    [Scenario(1000, InterleavesPlainAccess = true)]
    internal static void E8_deferred_connect_beside_the_evaluators_disposal_leaves_no_connection()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        ConnectionHandle handle = default;
        Threads.Run(() => Refusable(() => handle = signal.ConnectDeferred(evaluator, _ => { })), evaluator.Dispose);
        Check.That(!handle.IsActive && signal.ConnectionCount == 0);
    }

    /// <summary>Makes a connection that may be refused because of a disposal.</summary>
    private static void Refusable(Action connect)
    {
        try
        {
            connect();
        }
        catch (ObjectDisposedException)
        {
            // The disposal came first.
        }
    }
}
