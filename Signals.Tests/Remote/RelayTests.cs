using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>X17: what clients import that other clients export.</summary>
public sealed class RelayTests
{
    [Test]
    public async Task X17_clients_import_what_other_clients_export_only_if_the_host_relays()
    {
        await using var many = new ManyClients(2);
        using var signal = new Signal<int>();
        many.Clients[0].Export("a", signal);
        RemoteSignal<int> import = many.Clients[1].Import<int>("a");
        import.Connect(static _ => { });
        using RemoteSignal<int> other = many.Host.Import<int>("a", new ImportOptions { KeepLive = true });
        many.Until(() => other.State == RemoteState.Live);
        Assert.That(import.State, Is.EqualTo(RemoteState.Waiting));
    }

    [Test]
    public async Task X17_a_name_has_one_owner_which_is_followed_by_another()
    {
        await using var many = new ManyClients(3, relays: true);
        using var first = new Signal<int>();
        using var second = new Signal<int>();
        ExportedSignal export = many.Clients[0].Export("a", first);
        var log = new Received();
        RemoteSignal<int> import = many.Clients[2].Import<int>("a");
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value}"));
        await import.WaitUntilLiveAsync().Within("the relayed signal");
        ExportedSignal other = many.Clients[1].Export("a", second);
        many.Until(() => other.SubscriberCount == 1, "the subscription of the second one");
        first.Emit(1);
        second.Emit(2);
        first.Emit(3);
        many.Until(() => log.Count == 2);
        export.Dispose();
        many.Until(() =>
        {
            second.Emit(4);
            return log.All.Contains("4");
        });
        Assert.That(log.All[..4], Is.EqualTo(["1", "3", "Restarted ", "4"]));
    }

    [Test]
    public async Task X17_what_the_host_exports_comes_first()
    {
        await using var many = new ManyClients(2, relays: true);
        using var relayed = new Signal<int>();
        using var own = new Signal<int>();
        ExportedSignal far = many.Clients[0].Export("a", relayed);
        var log = new Received();
        RemoteSignal<int> import = many.Clients[1].Import<int>("a");
        import.Connect(value => log.Add($"{value}"));
        await import.WaitUntilLiveAsync().Within("the relayed signal");
        ExportedSignal near = many.Host.Export("a", own);
        many.Until(() => near.SubscriberCount == 1);
        own.Emit(1);
        many.Until(() => log.All.Contains("1"));
        near.Dispose();
        many.Until(() =>
        {
            relayed.Emit(2);
            return log.All.Contains("2");
        });
    }

    [Test]
    public async Task X17_importers_of_a_client_that_goes_wait_and_are_live_with_a_gap_when_it_is_exported_again()
    {
        await using var many = new ManyClients(2, relays: true);
        using var signal = new Signal<int>();
        many.Clients[0].Export("a", signal);
        var log = new Received();
        RemoteSignal<int> import = many.Clients[1].Import<int>("a");
        import.StateChanged.Connect(state => log.Add($"{state}"));
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value}"));
        await import.WaitUntilLiveAsync().Within("the relayed signal");
        signal.Emit(1);
        many.Until(() => log.All.Contains("1"));
        await many.EndAsync(0);
        many.Until(() => import.State == RemoteState.Waiting);
        using var again = new Signal<int>();
        many.Add().Export("a", again);
        await import.WaitUntilLiveAsync().Within("the other one");
        again.Emit(2);
        many.Until(() => log.All.Contains("2"));
        Assert.That(log.All, Is.EqualTo(["Waiting", "Live", "1", "Waiting", "Live", "Restarted ", "2"]));
    }

    [Test]
    public async Task X17_a_name_without_importers_is_not_relayed()
    {
        await using var many = new ManyClients(2, relays: true);
        using var signal = new Signal<int>();
        ExportedSignal export = many.Clients[0].Export("a", signal);
        RemoteSignal<int> waiting = many.Clients[1].Import<int>("never");
        ConnectionHandle handle = waiting.Connect(static _ => { });
        many.Until(() => many.Host.Imports.SubscriptionCount == 1);
        handle.Disconnect();
        many.Until(() => many.Host.Imports.SubscriptionCount == 0, "the end of the relay");
        Assert.That(export.SubscriberCount, Is.Zero);
    }

    [Test]
    public async Task X17_importers_that_come_and_go_while_the_export_does_see_the_last_value()
    {
        await using var pair = new IpcRelayedPair(endsLingering: true);
        for (int round = 1; round <= 150; round++)
        {
            var property = new Property<int>(0);
            using ExportedProperty<int> export = pair.Exporter.Export("p", property);
            using RemoteProperty<int> import = pair.Importer.ImportProperty<int>("p");
            Worker.RunAll(() => property.Value = round, () => import.Connect(static _ => { }));
            pair.Until(() => import.State == RemoteState.Live && import.Value == round, $"the value of round {round}");
        }
    }

    [Test]
    public async Task X11_the_exporter_and_the_host_are_asked()
    {
        await using var many = new ManyClients(2, static (_, name) => name != "forbidden", relays: true);
        var subscribers = new List<long>();
        using var signal = new Signal<int>();
        ExportOptions options = new()
        {
            Authorize = subscriber =>
            {
                lock (subscribers)
                {
                    subscribers.Add(subscriber.Id);
                }

                return false;
            },
        };
        many.Clients[0].Export("private", signal, options);
        many.Clients[0].Export("forbidden", signal);
        RemoteSignal<int> first = many.Clients[1].Import<int>("private");
        RemoteSignal<int> second = many.Clients[1].Import<int>("forbidden");
        first.Connect(static _ => { });
        second.Connect(static _ => { });
        many.Until(() => first.State == RemoteState.Refused && second.State == RemoteState.Refused);
        Assert.Multiple(() =>
        {
            Assert.That(first.StateReason, Is.EqualTo("not allowed"));
            Assert.That(second.StateReason, Is.EqualTo("not allowed"));
            Assert.That(subscribers, Has.All.Zero);
        });
    }

    [Test]
    public async Task X16_a_circle_through_a_relay_is_refused()
    {
        await using var many = new ManyClients(2, relays: true);
        RemoteSignal<int> first = many.Clients[0].Import<int>("b");
        many.Clients[0].Export("a", first);
        RemoteSignal<int> second = many.Clients[1].Import<int>("a");
        many.Clients[1].Export("b", second);
        RemoteSignal<int> third = many.Clients[1].Import<int>("a");
        third.Connect(static _ => { });
        many.Until(() => first.State == RemoteState.Refused || second.State == RemoteState.Refused || third.State == RemoteState.Refused);
        string? reason = first.StateReason ?? second.StateReason ?? third.StateReason;
        Assert.That(reason, Does.StartWith("circle: ").And.Contain("a").And.Contain("b"));
    }

    [Test]
    public async Task X4_what_is_missed_before_the_host_is_told_behind_it()
    {
        await using var many = new ManyClients(2, relays: true);
        using var signal = new Signal<byte[]>();
        many.Clients[0].Export("a", signal);
        var log = new Received();
        RemoteSignal<byte[]> import = many.Clients[1].Import<byte[]>("a");
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value.Length}"));
        await import.WaitUntilLiveAsync().Within("the relayed signal");
        signal.Emit(new byte[1]);
        signal.Emit(new byte[1_000_000]);
        signal.Emit(new byte[2]);
        many.Until(() => log.Count == 3);
        Assert.That(log.All, Is.EqualTo(["1", "TooLarge 1", "2"]));
    }

    [Test]
    public async Task X14_a_type_without_a_name_does_not_harm_the_host()
    {
        await using var many = new ManyClients(1, relays: true);
        Assert.That(() => new RemoteRelay(many.Host.Exports, many.Host.Imports), Throws.InvalidOperationException);
        using RemoteOutlet outlet = many.Host.Exports.Accept(new RemoteSubscriber(77), new RemoteOutletOptions(), static _ => { });
        outlet.Handle(RemoteOperation.Watch, [0x08, 1]);
        Assert.That(outlet.Handle(RemoteOperation.Subscribe, [0x08, 1, 0x10, 1, 0x1A, 1, (byte)'a']), Is.True);
    }

    private sealed class Received
    {
        private readonly List<string> _texts = [];

        internal int Count => All.Length;

        internal string[] All
        {
            get
            {
                lock (_texts)
                {
                    return [.. _texts];
                }
            }
        }

        internal void Add(string text)
        {
            lock (_texts)
            {
                _texts.Add(text);
            }
        }
    }
}
