using System.Globalization;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Nats;
using Signals.Remote;

namespace Signals.Tests.Nats;

/// <summary>Servers that are absent, restarted, lost from a cluster, or that do not allow something.</summary>
[TestFixture]
internal sealed class NatsServerTests
{
    private readonly List<string> _log = [];
    private readonly List<IDisposable> _servers = [];
    private ConnectionEvaluator _evaluator = null!;
    private Signal<int> _signal = null!;
    private NatsExchange? _exporter;
    private NatsExchange? _importer;

    [SetUp]
    public void SetUp()
    {
        _evaluator = new ConnectionEvaluator();
        _signal = new Signal<int>();
        _log.Clear();
    }

    [TearDown]
    public async Task TearDown()
    {
        if (_importer is not null)
        {
            await _importer.DisposeAsync();
            _importer = null;
        }

        if (_exporter is not null)
        {
            await _exporter.DisposeAsync();
            _exporter = null;
        }

        _servers.ForEach(static server => server.Dispose());
        _servers.Clear();
        _signal.Dispose();
        _evaluator.Dispose();
    }

    [Test]
    public async Task N3_without_a_server_an_import_waits_emitting_does_not_and_everything_ends()
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{NatsServer.FreePort()}");
        Open(url, url);
        ExportedSignal export = _exporter!.Export("a", _signal);
        RemoteSignal<int> import = Import();
        for (int i = 0; i < 100_000; i++)
        {
            _signal.Emit(i);
        }

        Assert.That(import.State, Is.EqualTo(RemoteState.Waiting));
        Assert.That(export.SubscriberCount, Is.Zero);
        await _importer!.DisposeAsync().AsTask().Within("the end of the importer");
        Assert.That(import.State, Is.EqualTo(RemoteState.Ended));
    }

    [Test]
    public async Task N3_without_a_server_one_warning_is_logged()
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{NatsServer.FreePort()}");
        var logger = new ListLogger();
        await using var exchange = new NatsExchange(url, new NatsExchangeOptions { Logger = logger });
        exchange.Export("a", _signal);
        Bounded.Until(() => logger.Entries.Length >= 3, "three attempts");
        Assert.That(logger.Entries.Count(static entry => entry.Level == LogLevel.Warning), Is.EqualTo(1));
        Assert.That(logger.Entries.Skip(1).Select(static entry => entry.Level), Is.All.EqualTo(LogLevel.Debug));
    }

    [Test]
    [NeedsNatsServer]
    public void N6_a_server_that_is_restarted_is_stale_and_live_with_the_exact_gap()
    {
        NatsServer server = Add(NatsServer.Start());
        Open(server.Url, server.Url);
        _exporter!.Export("a", _signal);
        RemoteSignal<int> import = Import();
        UntilLive(import);
        _signal.Emit(1);
        Until(() => _log.Contains("1"), "the value");
        server.Kill();
        Until(() => import.State == RemoteState.Stale, "the loss");
        _signal.Emit(2);
        _signal.Emit(3);
        server.Run();
        UntilLive(import);
        _signal.Emit(4);
        Until(() => _log.Contains("4"), "the value after the restart");
        Assert.That(_log, Is.EqualTo(["Waiting", "Live", "1", "Stale", "Live", "Reconnected 2", "4"]));
    }

    [Test]
    [NeedsNatsServer]
    public void N6_a_lost_server_of_a_cluster_loses_no_subscription_and_gaps_are_told([Values] bool losesThatOfTheExporter)
    {
        NatsServer[] servers = StartCluster();
        Open(servers[0].Url, servers[1].Url);
        _exporter!.Export("a", _signal);
        var property = new Property<int>(1);
        _exporter!.Export("p", property);
        int next = 0;
        int missed = 0;
        RemoteSignal<int> import = _importer!.Import<int>("a");
        RemoteProperty<int> imported = _importer!.ImportProperty<int>("p");
        imported.Connect(static _ => { });
        import.Missed.Connect(gap =>
        {
            missed += (int)gap.Count!.Value;
            next += (int)gap.Count.Value;
        });
        import.Connect(value =>
        {
            Assert.That(value, Is.EqualTo(next));
            next++;
        });
        UntilLive(import, imported);
        int emitted = 0;
        void EmitUntil(Func<bool> condition, string what) =>
            Until(
                () =>
                {
                    _signal.Emit(emitted++);
                    property.Value = emitted;
                    return condition();
                },
                what
            );
        EmitUntil(() => next > 100, "the first values");
        servers[losesThatOfTheExporter ? 0 : 1].Kill();
        int before = next;
        EmitUntil(() => next > before + 1000 && import.State == RemoteState.Live && imported.State == RemoteState.Live, "values over another server");
        Until(() => next == emitted && imported.Value == emitted, "the last values");
        TestContext.Out.WriteLine($"{emitted} emissions, {missed} missed");
    }

    [Test]
    [NeedsNatsServer]
    public void N5_a_missing_permission_is_refused_at_the_importer_and_told_at_the_exporter()
    {
        NatsServer server = Add(
            NatsServer.StartConfigured(
                """
                authorization {
                  users = [
                    { user: all, password: x }
                    { user: some, password: x, permissions: { subscribe: { deny: ["signals.v.a"] }, publish: { deny: ["signals.v.b"] } } }
                  ]
                }
                """
            )
        );
        string all = server.Url.Replace("//", "//all:x@", StringComparison.Ordinal);
        string some = server.Url.Replace("//", "//some:x@", StringComparison.Ordinal);
        Open(all, some);
        _exporter!.Export("a", _signal);
        RemoteSignal<int> import = Import();
        Until(() => import.State == RemoteState.Refused, "the refusal");
        Assert.That(import.StateReason, Does.Contain("signals.v.a"));

        // The other way round.
        var failures = new List<Exception>();
        ExportedSignal denied = _importer!.Export("b", _signal);
        denied.Failed.Connect(failures.Add);
        RemoteSignal<int> other = _exporter!.Import<int>("b");
        other.Connect(static _ => { });
        UntilLive(other);
        _signal.Emit(1);
        Until(() => failures.Count > 0, "the failure");
        Assert.That(failures[0].Message, Does.Contain("signals.v.b"));
    }

    [Test]
    [NeedsNatsServer]
    public void N5_a_server_with_a_small_max_payload_is_enough()
    {
        NatsServer server = Add(NatsServer.StartConfigured("max_payload: 2048"));
        Open(server.Url, server.Url);
        using var signal = new Signal<byte[]>();
        _exporter!.Export("a", signal, new ExportOptions { Capacity = 2000 });
        RemoteSignal<byte[]> import = _importer!.Import<byte[]>("a");
        int next = 0;
        int tooLarge = 0;
        import.Missed.Connect(gap =>
        {
            Assert.That(gap, Is.EqualTo(new Missed(1, MissedCause.TooLarge)));
            tooLarge++;
        });
        import.Connect(value => Assert.That(value, Has.Length.EqualTo(next++)));
        UntilLive(import);
        for (int i = 0; i <= 1100; i++)
        {
            signal.Emit(new byte[i]);
        }

        Until(() => next + tooLarge == 1101, "all values");
        Assert.That(next, Is.EqualTo(1025));
    }

    [Test]
    [NeedsNatsServer]
    public void N5_a_network_that_stalls_delays_no_emission_and_what_it_cannot_take_is_told()
    {
        NatsServer server = Add(NatsServer.Start());
        var relay = new TcpRelay(server.Port);
        _servers.Add(relay);
        Open(relay.Url, server.Url);
        ExportedSignal export = _exporter!.Export("a", _signal);
        RemoteSignal<int> import = _importer!.Import<int>("a");
        long seen = 0;
        int last = -1;
        import.Missed.Connect(gap => seen += gap.Count!.Value);
        import.Connect(value =>
        {
            seen++;
            last = value;
        });
        UntilLive(import);
        relay.Stall();
        int emitted = 0;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        Until(
            () =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    _signal.Emit(emitted++);
                }

                return export.DroppedCount > 0;
            },
            "an emission that is dropped"
        );
        relay.Flow();
        Until(
            () =>
            {
                _signal.Emit(emitted++);
                return import.State == RemoteState.Live && seen == last + 1L && last > emitted - 100;
            },
            "the account of all emissions"
        );
        TestContext.Out.WriteLine(
            $"{emitted} emissions in {System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s, {export.DroppedCount} dropped"
        );
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("nats://:x:y")]
    public void N1_an_address_that_is_not_valid_is_refused(string url) =>
        Assert.That(() => new NatsExchange(url), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("url"));

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a..b")]
    [TestCase(".a")]
    [TestCase("a.*")]
    [TestCase("a.>")]
    public void N1_a_prefix_that_is_not_valid_is_refused(string prefix) =>
        Assert.That(() => new NatsExchangeOptions { Prefix = prefix }, Throws.InstanceOf<ArgumentException>());

    private T Add<T>(T server)
        where T : IDisposable
    {
        _servers.Add(server);
        return server;
    }

    private NatsServer[] StartCluster()
    {
        int[] routes = [NatsServer.FreePort(), NatsServer.FreePort(), NatsServer.FreePort()];
        string all = string.Join(',', routes.Select(static port => string.Create(CultureInfo.InvariantCulture, $"nats-route://127.0.0.1:{port}")));
        return
        [
            .. routes.Select(port =>
                Add(
                    NatsServer.Start(
                        "--cluster_name",
                        "test",
                        "--cluster",
                        string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{port}"),
                        "--routes",
                        all
                    )
                )
            ),
        ];
    }

    private void Open(string exporterUrl, string importerUrl)
    {
        _exporter = new NatsExchange(exporterUrl, new NatsExchangeOptions { Evaluator = _evaluator });
        _importer = new NatsExchange(importerUrl, new NatsExchangeOptions { Evaluator = _evaluator });
    }

    private RemoteSignal<int> Import()
    {
        RemoteSignal<int> import = _importer!.Import<int>("a");
        import.StateChanged.Connect(state => _log.Add($"{state}"));
        import.Missed.Connect(gap => _log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => _log.Add($"{value}"));
        return import;
    }

    private void UntilLive(params RemoteImport[] imports) =>
        Until(() => imports.All(static import => import.State == RemoteState.Live), "the imports to be live");

    private void Until(Func<bool> condition, string what) =>
        Bounded.Until(
            () =>
            {
                _evaluator.EvaluateDeferredConnections();
                return condition();
            },
            what
        );
}
