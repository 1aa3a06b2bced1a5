using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Rules of remote signals that only sockets have.</summary>
public sealed class IpcExchangeTests
{
    [Test]
    public async Task X14_remote_signals_are_no_calls()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(static _ => { });
        pair.UntilLive(import);
        Assert.Multiple(() =>
        {
            Assert.That(pair.Host.ActiveCalls, Is.Zero);
            Assert.That(pair.Client.PendingCalls, Is.Zero);
        });
        await pair.Host.StopAsync().Within("the host to stop, which waits for calls");
        pair.Until(() => import.State == RemoteState.Stale);
    }

    [Test]
    public async Task X14_a_value_that_is_too_large_is_told_and_the_connection_stands()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        using var signal = new Signal<byte[]>();
        ExportedSignal export = pair.Exporter.Export("a", signal);
        var failures = new List<Exception>();
        export.Failed.Connect(failures.Add);
        var log = new List<string>();
        RemoteSignal<byte[]> import = pair.Importer.Import<byte[]>("a");
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value.Length}"));
        pair.UntilLive(import);
        signal.Emit(new byte[1]);
        signal.Emit(new byte[1_000_000]);
        signal.Emit(new byte[100_000]);
        pair.Until(() => log.Count == 3 && failures.Count == 1);
        Assert.That(log, Is.EqualTo(["1", "TooLarge 1", "100000"]));
    }

    [Test]
    public async Task X17_patterns_are_refused_where_the_exchange_has_none()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        Assert.That(() => pair.Importer.ImportMany<int>("a.*"), Throws.InstanceOf<NotSupportedException>().With.Message.Contain("no patterns"));
        using RemoteOutlet outlet = pair.Host.Exports.Accept(new RemoteSubscriber(77), new RemoteOutletOptions(), static _ => { });
        outlet.Handle(RemoteOperation.Watch, [0x08, 1]);
        byte[] request = [0x08, 1, 0x10, 1, 0x1A, 1, (byte)'*', 0x22, 1, (byte)'x', 0x58, 1];
        Assert.That(outlet.Handle(RemoteOperation.Subscribe, request), Is.False);
    }

    [Test]
    public async Task X16_a_grant_that_does_not_fit_into_a_frame_ends_the_connection_and_not_the_process()
    {
        string path = Path.GetRandomFileName();
        await using var host = new IpcHost(new IpcHostOptions { MaxFrameSize = 300 });
        host.Start(IpcEndpoint.InMemory(path));
        await using var client = new IpcClient(IpcEndpoint.InMemory(path), new IpcClientOptions { Reconnect = false });
        client.Connect();
        using var signal = new Signal<int>();

        // The subscription fits into a frame, and its grant, which repeats the name and adds the path, does not.
        string name = new('a', 248);
        host.Export(name, signal);
        RemoteSignal<int> import = client.Import<int>(name);
        import.Connect(static _ => { });
        await Bounded.UntilAsync(() => host.ClientCount == 0 && import.State != RemoteState.Live, "the end of the connection");
    }

    [Test]
    public async Task X14_a_value_that_is_too_large_is_logged()
    {
        string path = Path.GetRandomFileName();
        var hostLog = new ListLogger();
        var clientLog = new ListLogger();
        await using var host = new IpcHost(new IpcHostOptions { Logger = hostLog });
        host.Start(IpcEndpoint.InMemory(path));
        await using var client = new IpcClient(IpcEndpoint.InMemory(path), new IpcClientOptions { Logger = clientLog });
        client.Connect();
        using var signal = new Signal<byte[]>();
        host.Export("a", signal);
        client.Export("b", signal);
        RemoteSignal<byte[]> a = client.Import<byte[]>("a", new ImportOptions { KeepLive = true });
        RemoteSignal<byte[]> b = host.Import<byte[]>("b", new ImportOptions { KeepLive = true });
        await a.WaitUntilLiveAsync().Within("the import of the client");
        await b.WaitUntilLiveAsync().Within("the import of the host");
        signal.Emit(new byte[1_000_000]);
        Assert.Multiple(() =>
        {
            Assert.That(Texts(hostLog), Is.EqualTo([("The export of a failed", "A value of a with 1000000 bytes is too large for the exchange.")]));
            Assert.That(Texts(clientLog), Is.EqualTo([("the export of b failed", "A value of b with 1000000 bytes is too large for the exchange.")]));
        });

        static IEnumerable<(string, string?)> Texts(ListLogger log) =>
            log
                .Entries.Where(static entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Warning)
                .Select(static entry => (entry.Text.Split(": ").First(static part => part.Contains("export")), entry.Exception?.Message));
    }

    [Test]
    public async Task X14_large_values_do_not_pile_up_at_a_client_that_does_not_evaluate()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        using var signal = new Signal<byte[]>();
        ExportedSignal export = pair.Exporter.Export("a", signal, new ExportOptions { MaxQueuedBytes = 200_000, Capacity = 64 });
        RemoteSignal<byte[]> import = pair.Importer.Import<byte[]>("a");
        var sizes = new List<int>();
        import.Connect(value => sizes.Add(value.Length));
        pair.UntilLive(import);
        for (int i = 0; i < 500; i++)
        {
            signal.Emit(new byte[10_000]);
        }

        Assert.That(export.DroppedCount, Is.GreaterThan(400));
        pair.Until(() => sizes.Count + export.DroppedCount == 500);
    }

    [Test]
    public async Task X11_a_client_has_a_limit_of_subscriptions_which_include_those_that_wait()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var evaluator = new ThreadPoolEvaluator();
        await using var host = new IpcHost(new IpcHostOptions { MaxSubscriptionsPerClient = 2 });
        host.Start(IpcEndpoint.InMemory(path));
        await using var client = new IpcClient(IpcEndpoint.InMemory(path));
        client.Connect();
        RemoteSignal<int>[] imports = [.. Enumerable.Range(0, 3).Select(i => client.Import<int>($"a{i}"))];
        foreach (RemoteSignal<int> import in imports)
        {
            import.Connect(static _ => { });
        }

        await Bounded.UntilAsync(() => imports[2].State == RemoteState.Refused, "the refusal");
        Assert.That(imports[2].StateReason, Is.EqualTo("more subscriptions than allowed"));
        Assert.That(imports[0].State, Is.EqualTo(RemoteState.Waiting));
    }

    [Test]
    public async Task X9_an_evaluator_beyond_the_limit_of_a_connection_is_refused_and_tried_again()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        ConnectionEvaluator[] evaluators = [.. Enumerable.Range(0, 257).Select(static _ => new ConnectionEvaluator())];
        RemoteSignal<int>[] imports = [.. evaluators.Select(one => pair.Importer.Import<int>("a", new ImportOptions { Evaluator = one }))];
        ConnectionHandle[] handles = [.. imports.Select(static import => import.Connect(static _ => { }))];
        pair.Until(() => imports.All(static import => import.State is RemoteState.Live or RemoteState.Refused));
        RemoteSignal<int> refused = imports.Single(static import => import.State == RemoteState.Refused);
        Assert.That(refused.StateReason, Is.EqualTo("more than 256 evaluators import over this connection"));

        int index = Array.IndexOf(imports, refused);
        handles[index].Disconnect();
        int other = index == 0 ? 1 : 0;
        evaluators[other].Dispose();
        handles[other].Disconnect();
        refused.Connect(static _ => { });
        pair.Until(() => refused.State == RemoteState.Live);
        Array.ForEach(evaluators, static evaluator => evaluator.Dispose());
    }

    [Test]
    public async Task X11_exporting_to_a_host_is_allowed_to_the_same_user_on_sockets_and_refused_over_tcp()
    {
        await using var pair = new IpcReversePair(static _ => IpcEndpoint.Parse("127.0.0.1:0"));
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(static _ => { });
        pair.Until(() => import.State == RemoteState.Refused);
        Assert.That(import.StateReason, Is.EqualTo("not allowed"));
    }

    [Test]
    public async Task X11_the_host_decides_by_client_and_name()
    {
        await using var pair = new IpcReversePair(static _ => IpcEndpoint.Parse("127.0.0.1:0"), static (_, name) => name == "a");
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        pair.Exporter.Export("b", signal);
        RemoteSignal<int> allowed = pair.Importer.Import<int>("a");
        RemoteSignal<int> refused = pair.Importer.Import<int>("b");
        allowed.Connect(static _ => { });
        refused.Connect(static _ => { });
        pair.UntilLive(allowed);
        pair.Until(() => refused.State == RemoteState.Refused);
    }

    [Test]
    public async Task X15_imports_from_a_client_end_with_it()
    {
        await using var pair = new IpcReversePair(IpcEndpoint.UnixSocket);
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(static _ => { });
        pair.UntilLive(import);
        await pair.Client.DisposeAsync();
        pair.Until(() => import.State == RemoteState.Ended);
    }

    [Test]
    public async Task X8_a_peer_without_the_exchange_refuses()
    {
        var imports = new RemoteImports(RemoteCapabilities.None, new ConnectionEvaluator());
        var importer = new Importer(imports);
        RemoteSignal<int> import = importer.Import<int>("a");
        import.Connect(static _ => { });
        imports.Refuse("the peer has no signal exchange");
        Assert.That(import.State, Is.EqualTo(RemoteState.Refused));
        Assert.That(async () => await import.WaitUntilLiveAsync(), Throws.InstanceOf<RemoteRefusedException>().With.Message.Contain("no signal exchange"));
        await Task.CompletedTask;
    }

    [Test]
    public async Task X5_a_blocked_first_connection_does_not_delay_other_subscriptions()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        using var release = new ManualResetEventSlim();
        using var slow = new Signal<int>(new SignalOptions { FirstConnectedHandler = () => Bounded.Wait(release, "the release") });
        using var fast = new Signal<int>();
        pair.Exporter.Export("slow", slow);
        pair.Exporter.Export("fast", fast);
        RemoteSignal<int> first = pair.Importer.Import<int>("slow");
        RemoteSignal<int> second = pair.Importer.Import<int>("fast");
        first.Connect(static _ => { });
        second.Connect(static _ => { });
        pair.UntilLive(second);
        Assert.That(first.State, Is.EqualTo(RemoteState.Waiting));
        release.Set();
        pair.UntilLive(first);
    }

    [Test]
    public async Task X2_clients_share_an_encoding_and_end_one_by_one()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var host = new IpcHost();
        host.Start(IpcEndpoint.InMemory(path));
        using var signal = new Signal<string>();
        ExportedSignal export = host.Export("a", signal);
        var received = new System.Collections.Concurrent.ConcurrentBag<string>();
        IpcClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => new IpcClient(IpcEndpoint.InMemory(path)))];
        foreach (IpcClient client in clients)
        {
            client.Connect();
            client.Import<string>("a").Connect(received.Add);
        }

        await Bounded.UntilAsync(() => export.SubscriberCount == 5, "five subscriptions");
        signal.Emit("x");
        await Bounded.UntilAsync(() => received.Count == 5, "five values");
        foreach (IpcClient client in clients)
        {
            await client.DisposeAsync();
        }

        await Bounded.UntilAsync(() => export.SubscriberCount == 0, "the end of the subscriptions");
    }

    private sealed class Importer(RemoteImports imports) : ISignalImporter
    {
        public RemoteImports Imports => imports;
    }
}
