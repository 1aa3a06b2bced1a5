using Signals.Remote;
using Signals.Systematic.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>First and last connections of imports beside what ends an export, an import, an exchange or a connection between the two.</summary>
internal static class RemoteScenarios
{
    private static readonly TimeSpan LongerThanLinger = TimeSpan.FromSeconds(31);

    [Scenario(300)]
    internal static void X2_first_connection_beside_the_last_ones_end_is_subscribed_once()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        ConnectionHandle last = rig.Connect(import);
        rig.Pump();
        ConnectionHandle first = default;
        Threads.Run(() => last.Disconnect(), () => first = rig.Connect(import));
        rig.Pump();
        Check.That(import.State == RemoteState.Live && export.SubscriberCount == 1);
        signal.Emit(1);
        rig.Pump();
        Check.IsOneOf(rig.Received, [1]);
        first.Disconnect();
        rig.Pump();
        Check.That(import.State == RemoteState.Idle && export.SubscriberCount == 0);
    }

    [Scenario(300)]
    internal static void X2_two_imports_that_share_a_subscription_connect_and_disconnect_as_one_does()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        RemoteSignal<int> other = rig.Import();
        ConnectionHandle handle = default;
        Threads.Run(() => handle = rig.Connect(import), () => rig.Connect(other).Disconnect());
        rig.Pump();
        Check.That(import.State == RemoteState.Live && other.State == RemoteState.Idle && export.SubscriberCount == 1);
        handle.Disconnect();
        rig.Pump();
        Check.That(import.State == RemoteState.Idle && export.SubscriberCount == 0);
    }

    [Scenario(300)]
    internal static void X1_first_connection_beside_the_withdrawal_waits_for_the_name()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        Threads.Run(() => rig.Connect(import), () => export.Dispose());
        rig.Pump();
        Check.That(import.State == RemoteState.Waiting && export.SubscriberCount == 0);
        CheckWorksWithNextExport(rig, import);
    }

    [Scenario(300)]
    internal static void X1_last_connections_end_beside_the_withdrawal_leaves_nothing()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        ConnectionHandle last = rig.Connect(import);
        rig.Pump();
        Threads.Run(() => last.Disconnect(), () => export.Dispose());
        rig.Pump();
        Check.That(import.State == RemoteState.Idle && export.SubscriberCount == 0 && signal.ConnectionCount == 0);
        rig.Connect(import);
        CheckWorksWithNextExport(rig, import);
    }

    [Scenario(300)]
    internal static void X1_first_connection_beside_the_export_is_live()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        RemoteSignal<int> import = rig.Import();
        Threads.Run(() => rig.Connect(import), () => rig.Export(signal));
        rig.Pump();
        Check.That(import.State == RemoteState.Live);
        signal.Emit(1);
        rig.Pump();
        Check.IsOneOf(rig.Received, [1]);
    }

    [Scenario(300)]
    internal static void X1_the_export_beside_the_withdrawal_of_its_predecessor_keeps_its_subscription()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal before = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        rig.Connect(import);
        using var next = new Signal<int>();
        Threads.Run(
            () => before.Dispose(),
            () =>
            {
                try
                {
                    rig.Export(next);
                }
                catch (InvalidOperationException)
                {
                    // The name is still exported.
                    before.Dispose();
                    rig.Export(next);
                }
            }
        );
        rig.Pump();
        Check.That(import.State == RemoteState.Live);
        next.Emit(1);
        rig.Pump();
        Check.IsOneOf(rig.Received, [1]);
    }

    [Scenario(300)]
    internal static void X15_first_connection_beside_the_disposal_of_the_import_is_ended_or_refused()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        ConnectionHandle first = default;
        Threads.Run(() => first = rig.Connect(import), () => import.Dispose());
        rig.Pump();
        Check.That(import.State == RemoteState.Ended && !first.IsActive && export.SubscriberCount == 0);
    }

    [Scenario(300)]
    internal static void X15_last_connections_end_beside_the_disposal_of_the_import_unsubscribes_once()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        RemoteSignal<int> other = rig.Import();
        ConnectionHandle last = rig.Connect(import);
        rig.Connect(other);
        rig.Pump();
        Threads.Run(() => last.Disconnect(), () => import.Dispose());
        rig.Pump();
        Check.That(import.State == RemoteState.Ended && other.State == RemoteState.Live && export.SubscriberCount == 1);
    }

    [Scenario(300)]
    internal static void X15_first_connection_beside_the_disposal_of_a_local_exchange_leaves_nothing() => FirstBesideDisposal(new LocalRig());

    [Scenario(300)]
    internal static void X15_first_connection_beside_the_disposal_of_both_sides_leaves_nothing() => FirstBesideDisposal(new BytesRig());

    [Scenario(300)]
    internal static void X15_last_connections_end_beside_the_disposal_of_a_local_exchange_leaves_nothing()
    {
        var rig = new LocalRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        ConnectionHandle last = rig.Connect(import);
        rig.Pump();
        Threads.Run(() => last.Disconnect(), () => rig.Dispose());
        rig.Pump();
        Check.That(import.State == RemoteState.Ended && export.SubscriberCount == 0 && signal.ConnectionCount == 0);
    }

    [Scenario(300)]
    internal static void X7_first_connection_beside_emissions_replays_or_receives_each_once()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        rig.Export(signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = 4 });
        RemoteSignal<int> import = rig.Import();
        Threads.Run(
            () => rig.Connect(import),
            () =>
            {
                signal.Emit(1);
                signal.Emit(2);
            }
        );
        rig.Pump();
        Check.IsOneOf(rig.Received, [1, 2]);
        Check.That(rig.Missed == 0);
    }

    [Scenario(300)]
    internal static void X4_emissions_beside_the_first_connection_are_counted_from_the_grant_on()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        Threads.Run(
            () => rig.Connect(import),
            () =>
            {
                signal.Emit(1);
                signal.Emit(2);
            }
        );
        rig.Pump();
        int received = rig.Received.Count;
        Check.IsOneOf(rig.Received, [], [2], [1, 2]);

        // What is emitted while the connection is lost is reported, and nothing else.
        rig.Break();
        signal.Emit(3);
        rig.Reconnect();
        rig.Pump();
        Check.That(rig.Missed == 1 && rig.Received.Count == received);
    }

    [Scenario(300)]
    internal static void X4_emissions_beside_a_lost_connection_arrive_or_are_reported()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        rig.Connect(import);
        rig.Pump();
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                signal.Emit(2);
            },
            () => rig.Break()
        );
        rig.Reconnect();
        rig.Pump();
        Check.IsOneOf(rig.Received, [], [1], [1, 2]);
        Check.That(import.State == RemoteState.Live && rig.Received.Count + rig.Missed == 2);
    }

    [Scenario(300)]
    internal static void X8_first_connection_beside_a_lost_connection_is_live_after_the_next()
    {
        using var rig = new BytesRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        Threads.Run(() => rig.Connect(import), () => rig.Break());
        rig.Pump();
        Check.That(import.State is RemoteState.Waiting or RemoteState.Stale && export.SubscriberCount == 0);
        rig.Reconnect();
        rig.Pump();
        Check.That(import.State == RemoteState.Live && export.SubscriberCount == 1);
    }

    [Scenario(300)]
    internal static void X4_first_connection_beside_the_end_of_the_linger_time_connects_the_source()
    {
        using var rig = new BytesRig();
        int connections = 0;
        var options = new SignalOptions { FirstConnectedHandler = () => connections++, LastDisconnectedHandler = () => connections-- };
        using var signal = new Signal<int>(options);
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        rig.Connect(import).Disconnect();
        rig.Pump();
        Check.That(connections == 1 && export.SubscriberCount == 0);
        Threads.Run(() => rig.Connect(import), () => rig.Time.Advance(LongerThanLinger));
        rig.Pump();
        Check.That(connections == 1 && import.State == RemoteState.Live);
        signal.Emit(1);
        rig.Pump();
        Check.IsOneOf(rig.Received, [1]);
    }

    private static void FirstBesideDisposal(RemoteRig rig)
    {
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Export(signal);
        RemoteSignal<int> import = rig.Import();
        ConnectionHandle first = default;
        Threads.Run(() => first = rig.Connect(import), () => rig.Dispose());
        rig.Pump();
        Check.That(import.State == RemoteState.Ended && export.SubscriberCount == 0 && signal.ConnectionCount == 0);
        if (first.IsActive)
        {
            // Connected after the disposal looked for imports: it was never subscribed.
            import.Dispose();
            Check.That(!first.IsActive);
        }
    }

    private static void CheckWorksWithNextExport(RemoteRig rig, RemoteSignal<int> import)
    {
        using var next = new Signal<int>();
        ExportedSignal export = rig.Export(next);
        rig.Pump();
        Check.That(import.State == RemoteState.Live && export.SubscriberCount == 1);
        next.Emit(1);
        rig.Pump();
        Check.IsOneOf(rig.Received, [1]);
    }
}
