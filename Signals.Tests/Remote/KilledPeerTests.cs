using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Exporters and importers in other processes, which are killed.</summary>
[Platform("Linux")]
public sealed class KilledPeerTests
{
    [Test]
    public async Task X8_a_killed_exporter_makes_imports_stale_and_its_successors_live_with_an_unknown_gap()
    {
        const int restarts = 3;
        using var path = new SocketPath();
        using var evaluator = new ConnectionEvaluator();
        await using var client = new IpcClient(
            path.Endpoint,
            new IpcClientOptions
            {
                Evaluator = evaluator,
                Reconnect = true,
                Retry = true,
            }
        );
        client.Connect();
        var log = new List<string>();
        RemoteSignal<long> numbers = client.Import<long>("numbers");
        numbers.StateChanged.Connect(state => log.Add($"{state}"));
        numbers.Missed.Connect(gap => log.Add($"missed {gap.Count?.ToString() ?? "unknown"}, {gap.Cause}"));
        numbers.Connect(value => log.Add($"{value}"));
        RemoteProperty<long> last = client.ImportProperty<long>("last");
        last.Connect(static _ => { });

        RemotePeer exporter = await RemotePeer.StartAsync("export", path.Text);
        try
        {
            for (int life = 0; life <= restarts; life++)
            {
                Until(evaluator, () => numbers.State == RemoteState.Live && last.State == RemoteState.Live && last.HasValue);
                await exporter.AskAsync("emit 2");
                Until(evaluator, () => log[^1] == "1" && last.Value == 1);
                await exporter.KillAsync();
                Until(evaluator, () => log[^1] == "Stale" && last.State == RemoteState.Stale);
                Assert.That(last.Value, Is.EqualTo(1), "The value stays readable.");
                exporter.Dispose();
                exporter = await RemotePeer.StartAsync("export", path.Text);
            }

            Until(evaluator, () => numbers.State == RemoteState.Live);
        }
        finally
        {
            exporter.Dispose();
        }

        string[] first = ["Waiting", "Live", "0", "1", "Stale"];
        string[] later = ["Live", "missed unknown, Restarted", "0", "1", "Stale"];
        Assert.That(log.Take(5 * (restarts + 1)), Is.EqualTo([.. first, .. Enumerable.Repeat(later, restarts).SelectMany(static one => one)]));
    }

    [Test]
    public async Task X8_a_killed_exporter_that_starts_again_replaces_the_value_of_a_property()
    {
        using var path = new SocketPath();
        using var evaluator = new ConnectionEvaluator();
        await using var client = new IpcClient(
            path.Endpoint,
            new IpcClientOptions
            {
                Evaluator = evaluator,
                Reconnect = true,
                Retry = true,
            }
        );
        client.Connect();
        var values = new List<long>();
        RemoteProperty<long> last = client.ImportProperty<long>("last");
        last.Connect(values.Add);
        using (RemotePeer exporter = await RemotePeer.StartAsync("export", path.Text))
        {
            Until(evaluator, () => last.State == RemoteState.Live && last.HasValue);
            await exporter.AskAsync("emit 10");
            Until(evaluator, () => last.Value == 9);
            await exporter.KillAsync();
            Until(evaluator, () => last.State == RemoteState.Stale);
        }

        using (await RemotePeer.StartAsync("export", path.Text))
        {
            Until(evaluator, () => last.State == RemoteState.Live && last.Value == -1);
        }

        Assert.That(values, Is.EqualTo([-1, 9, -1]));
    }

    [Test]
    public async Task X2_the_subscriptions_of_a_killed_importer_end()
    {
        using var path = new SocketPath();
        await using var host = new IpcHost();
        using var blocks = new Signal<byte[]>();
        ExportedSignal export = host.Export("blocks", blocks);
        var ended = new List<RemoteSubscriber>();
        export.Unsubscribed.Connect(subscriber =>
        {
            lock (ended)
            {
                ended.Add(subscriber);
            }
        });
        host.Start(path.Endpoint);
        for (int life = 1; life <= 2; life++)
        {
            using RemotePeer importer = await RemotePeer.StartAsync("import", path.Text, "DropOldest");
            await Bounded.UntilAsync(() => export.SubscriberCount == 1, "the subscription");
            blocks.Emit(new byte[100]);
            await importer.AskAsync("await 1");
            await importer.KillAsync();
            await Bounded.UntilAsync(() => export.SubscriberCount == 0, "the end of the subscription");
        }

        await Bounded.UntilAsync(
            () =>
            {
                lock (ended)
                {
                    return ended.Count == 2;
                }
            },
            "the ends to be reported"
        );
    }

    [Test]
    public async Task X15_imports_from_a_killed_client_end()
    {
        using var path = new SocketPath();
        using var evaluator = new ConnectionEvaluator();
        await using var host = new IpcHost(new IpcHostOptions { Evaluator = evaluator });
        ClientInfo? client = null;
        host.ClientConnected.Connect(connected => client = connected);
        host.Start(path.Endpoint);
        for (int life = 1; life <= 2; life++)
        {
            using RemotePeer exporter = await RemotePeer.StartAsync("serve", path.Text);
            Until(evaluator, () => client is not null);
            var received = new List<long>();
            RemoteSignal<long> numbers = host.ImporterFor(client!).Import<long>("numbers");
            numbers.Connect(received.Add);
            Until(evaluator, () => numbers.State == RemoteState.Live);
            await exporter.AskAsync("emit 5");
            Until(evaluator, () => received.Count == 5);
            client = null;
            await exporter.KillAsync();
            Until(evaluator, () => numbers.State == RemoteState.Ended);
            Assert.That(received, Is.EqualTo([0, 1, 2, 3, 4]));
        }
    }

    [Test]
    public async Task X8_a_stopped_exporter_stays_live_and_loses_nothing()
    {
        using var path = new SocketPath();
        using var evaluator = new ConnectionEvaluator();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Evaluator = evaluator, Retry = true });
        client.Connect();
        var received = new List<long>();
        RemoteSignal<long> numbers = client.Import<long>("numbers");
        numbers.Connect(received.Add);
        using RemotePeer exporter = await RemotePeer.StartAsync("export", path.Text);
        Until(evaluator, () => numbers.State == RemoteState.Live);
        exporter.Stop();
        await exporter.SendAsync("emit 100");
        Assert.That(numbers.State, Is.EqualTo(RemoteState.Live));
        exporter.Continue();
        Until(evaluator, () => received.Count == 100);
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    private static void Until(ConnectionEvaluator evaluator, Func<bool> condition) =>
        Bounded.Until(
            () =>
            {
                evaluator.EvaluateDeferredConnections();
                return condition();
            },
            "the condition"
        );
}
