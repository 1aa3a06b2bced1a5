using Signals.Remote;
using Signals.Systematic.Support;
using Signals.Tests.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>Remote signals: first and last connections beside exports, withdrawals, emissions and disposals.</summary>
internal static class RemoteScenarios
{
    private const string Name = "a";

    [Scenario(500)]
    internal static void X2_first_connection_beside_the_end_of_the_last_one_receives()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        ConnectionHandle last = import.Connect(static _ => { });
        var received = new List<int>();
        Threads.Run(() => last.Disconnect(), () => import.Connect(received.Add));
        Check.That(import.State == RemoteState.Live && export.SubscriberCount == 1);
        signal.Emit(1);
        rig.Evaluate();
        Check.IsOneOf(received, [1]);
    }

    [Scenario(500)]
    internal static void X2_end_of_the_last_connection_beside_another_end_unsubscribes()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        ConnectionHandle first = import.Connect(static _ => { });
        ConnectionHandle second = import.Connect(static _ => { });
        Threads.Run(() => first.Disconnect(), () => second.Disconnect());
        Check.That(import.State == RemoteState.Idle && export.SubscriberCount == 0);
    }

    [Scenario(500)]
    internal static void X2_two_imports_that_are_connected_at_once_share_a_subscription()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> first = rig.Exchange.Import<int>(Name);
        RemoteSignal<int> second = rig.Exchange.Import<int>(Name);
        var received = new List<int>();
        Threads.Run(() => first.Connect(received.Add), () => second.Connect(value => received.Add(10 * value)));
        Check.That(export.SubscriberCount == 1 && rig.Exchange.Imports.SubscriptionCount == 1);
        signal.Emit(1);
        rig.Evaluate();
        Check.IsOneOf(received, [1, 10], [10, 1]);
    }

    [Scenario(500)]
    internal static void X8_first_connection_beside_the_export_becomes_live()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        var states = new List<RemoteState>();
        import.StateChanged.Connect(states.Add);
        var received = new List<int>();
        Threads.Run(() => rig.Exchange.Export(Name, signal), () => import.Connect(received.Add));
        Check.That(import.State == RemoteState.Live);
        signal.Emit(1);
        rig.Evaluate();
        Check.IsOneOf(received, [1]);
        Check.That(states[^1] == RemoteState.Live);
    }

    [Scenario(500)]
    internal static void X8_first_connection_beside_the_withdrawal_waits_and_the_next_export_reaches_it()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        var received = new List<int>();
        Threads.Run(() => export.Dispose(), () => import.Connect(received.Add));
        Check.That(import.State == RemoteState.Waiting && export.SubscriberCount == 0);
        signal.Emit(1);
        using ExportedSignal next = rig.Exchange.Export(Name, signal);
        Check.That(import.State == RemoteState.Live && next.SubscriberCount == 1);
        signal.Emit(2);
        rig.Evaluate();
        Check.IsOneOf(received, [2]);
    }

    [Scenario(500)]
    internal static void X8_end_of_the_last_connection_beside_the_withdrawal_leaves_nothing()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        ConnectionHandle last = import.Connect(static _ => { });
        Threads.Run(() => export.Dispose(), () => last.Disconnect());
        Check.That(import.State == RemoteState.Idle && export.SubscriberCount == 0);
        Check.That(rig.Exchange.Imports.SubscriptionCount == 0 && signal.IsEmpty);
    }

    [Scenario(500)]
    internal static void X8_export_beside_the_withdrawal_of_the_same_name_is_refused_or_reaches_the_import()
    {
        using var rig = new RemoteRig();
        using var before = new Signal<int>();
        using var after = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, before);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        var received = new List<int>();
        import.Connect(received.Add);
        bool isRefused = false;
        Threads.Run(
            () => export.Dispose(),
            () =>
            {
                try
                {
                    rig.Exchange.Export(Name, after);
                }
                catch (InvalidOperationException)
                {
                    isRefused = true;
                }
            }
        );
        Check.That(import.State == (isRefused ? RemoteState.Waiting : RemoteState.Live));
        before.Emit(1);
        after.Emit(2);
        rig.Evaluate();
        Check.IsOneOf(received, isRefused ? [] : [2]);
    }

    [Scenario(500)]
    internal static void X15_first_connection_beside_the_disposal_of_the_import_leaves_no_subscription()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        Threads.Run(() => import.Dispose(), () => ConnectUnlessDisposed(import));
        Check.That(import.State == RemoteState.Ended && export.SubscriberCount == 0);
        Check.That(rig.Exchange.Imports.SubscriptionCount == 0);
    }

    [Scenario(500)]
    internal static void X15_first_connection_beside_the_disposal_of_the_exchange_leaves_no_subscription()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        Threads.Run(() => rig.Exchange.Dispose(), () => ConnectUnlessDisposed(import));
        Check.That(import.State == RemoteState.Ended && export.SubscriberCount == 0);
        Check.That(rig.Exchange.Imports.SubscriptionCount == 0 && signal.IsEmpty);
    }

    [Scenario(500)]
    internal static void X15_disposal_of_the_signal_beside_the_first_connection_withdraws_it()
    {
        using var rig = new RemoteRig();
        var signal = new Signal<int>();
        rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        Threads.Run(() => signal.Dispose(), () => import.Connect(static _ => { }));
        Check.That(import.State == RemoteState.Waiting && rig.Exchange.Exports.Count == 0);
    }

    [Scenario(500)]
    internal static void X4_first_connection_beside_two_emissions_receives_those_after_it()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        var received = new List<int>();
        var missed = new List<Missed>();
        import.Missed.Connect(missed.Add);
        Threads.Run(
            () =>
            {
                signal.Emit(1);
                signal.Emit(2);
            },
            () => import.Connect(received.Add)
        );
        signal.Emit(3);
        rig.Evaluate();
        Check.IsOneOf(received, [1, 2, 3], [2, 3], [3]);
        Check.That(missed.Count == 0);
    }

    [Scenario(500)]
    internal static void X4_first_connection_as_the_source_is_left_receives_what_is_emitted_afterwards()
    {
        var time = new FakeTime();
        using var rig = new RemoteRig(time);
        int balance = 0;
        using var signal = new Signal<int>(
            new SignalOptions
            {
                FirstConnectedHandler = () => Interlocked.Increment(ref balance),
                LastDisconnectedHandler = () => Interlocked.Decrement(ref balance),
            }
        );
        rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        import.Connect(static _ => { }).Disconnect();
        var received = new List<int>();
        Threads.Run(() => time.Advance(TimeSpan.FromSeconds(30)), () => import.Connect(received.Add));
        Check.That(import.State == RemoteState.Live && balance == 1);
        signal.Emit(1);
        rig.Evaluate();
        Check.IsOneOf(received, [1]);
    }

    [Scenario(500)]
    internal static void X4_emissions_of_two_threads_arrive_once_in_one_order()
    {
        using var rig = new RemoteRig();
        using var first = new Signal<int>();
        using var second = new Signal<int>();
        rig.Exchange.Export(Name, first);
        rig.Exchange.Export("b", second);
        var received = new List<int>();
        rig.Exchange.Import<int>(Name).Connect(received.Add);
        rig.Exchange.Import<int>("b").Connect(received.Add);
        Threads.Run(
            () =>
            {
                first.Emit(1);
                second.Emit(2);
            },
            () => first.Emit(10)
        );
        rig.Evaluate();
        Check.IsOneOf(received, [1, 2, 10], [1, 10, 2], [10, 1, 2]);
    }

    [Scenario(500)]
    internal static void X4_emission_beside_the_withdrawal_arrives_once_or_never()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        var received = new List<int>();
        import.Connect(received.Add);
        Threads.Run(() => signal.Emit(1), () => export.Dispose());
        rig.Evaluate();
        Check.IsOneOf(received, [1], []);
        Check.That(import.State == RemoteState.Waiting);
    }

    [Scenario(500)]
    internal static void X5_emissions_beside_an_evaluation_arrive_or_are_told()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        rig.Exchange.Export(Name, signal, new ExportOptions { Capacity = 2 });
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        long missed = 0;
        int last = 0;
        import.Missed.Connect(gap => missed += gap.Count!.Value);
        import.Connect(value =>
        {
            Check.That(value == last + missed + 1, "what is missed is told before the next value");
            last = value;
            missed = 0;
        });
        Threads.Run(
            () =>
            {
                for (int value = 1; value <= 4; value++)
                {
                    signal.Emit(value);
                }
            },
            () => rig.Evaluate()
        );
        rig.Evaluate();
        Check.That(last == 4);
    }

    [Scenario(500)]
    internal static async Task X7_first_connection_to_a_property_beside_a_set_has_the_last_value()
    {
        using var rig = new RemoteRig();
        var source = new Property<int>(1);
        rig.Exchange.Export(Name, source);
        RemoteProperty<int> import = rig.Exchange.ImportProperty<int>(Name);
        var received = new List<int>();
        Threads.Run(() => source.Value = 2, () => import.Connect(received.Add));
        while (import.Peek() != 2)
        {
            rig.Evaluate();
            await Task.Yield();
        }

        Check.IsOneOf(received, [1, 2], [2]);
    }

    [Scenario(500)]
    internal static void X7_last_values_and_an_emission_beside_the_connection_arrive_once()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        rig.Exchange.Export(Name, signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = 2 });
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        signal.Emit(1);
        signal.Emit(2);
        var received = new List<int>();
        Threads.Run(() => signal.Emit(3), () => import.Connect(received.Add));
        rig.Evaluate();
        Check.IsOneOf(received, [1, 2, 3], [2, 3]);
    }

    [Scenario(500)]
    internal static async Task X8_subscription_without_a_place_gets_that_of_one_that_ends()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        ExportedSignal export = rig.Exchange.Export(Name, signal, new ExportOptions { MaxSubscribers = 1 });
        RemoteSignal<int> first = rig.Exchange.Import<int>(Name);
        RemoteSignal<int> second = rig.Exchange.Import<int>(Name, new ImportOptions { Capacity = 2 });
        ConnectionHandle place = first.Connect(static _ => { });
        Threads.Run(() => place.Disconnect(), () => second.Connect(static _ => { }));
        await LiveAsync(rig, second);
        Check.That(export.SubscriberCount == 1);
    }

    [Scenario(500)]
    internal static async Task X11_authorization_beside_the_replacement_of_the_export_ends_live()
    {
        using var rig = new RemoteRig();
        using var signal = new Signal<int>();
        var options = new ExportOptions { Authorize = static _ => true };
        ExportedSignal export = rig.Exchange.Export(Name, signal, options);
        RemoteSignal<int> import = rig.Exchange.Import<int>(Name);
        Threads.Run(
            () =>
            {
                export.Dispose();
                rig.Exchange.Export(Name, signal, options);
            },
            () => import.Connect(static _ => { })
        );
        await import.WaitUntilLiveAsync();
        Check.That(signal.ConnectionCount == 1);
    }

    /// <summary>Waits until an import is live, also if it is refused before.</summary>
    private static async Task LiveAsync(RemoteRig rig, RemoteImport import)
    {
        while (import.State != RemoteState.Live)
        {
            rig.Evaluate();
            await Task.Yield();
        }
    }

    private static void ConnectUnlessDisposed(RemoteSignal<int> import)
    {
        try
        {
            import.Connect(static _ => { });
        }
        catch (ObjectDisposedException)
        {
            // The other thread was first.
        }
    }
}
