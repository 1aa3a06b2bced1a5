using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Telemetry;

/// <summary>M7: the instruments have the names, kinds and units of the page, and the page and the dashboard name no others.</summary>
public sealed partial class InstrumentTests
{
    private static readonly (string Name, string Kind, string Unit)[] Expected =
    [
        ("rpc.client.call.duration", "Histogram", "s"),
        ("rpc.server.call.duration", "Histogram", "s"),
        ("signals.evaluator.dropped", "ObservableCounter", "{invocation}"),
        ("signals.evaluator.lag", "Histogram", "s"),
        ("signals.evaluator.pending", "ObservableUpDownCounter", "{invocation}"),
        ("signals.ipc.server.active_calls", "ObservableUpDownCounter", "{call}"),
        ("signals.ipc.server.active_connections", "ObservableUpDownCounter", "{connection}"),
        ("signals.ipc.server.dropped_frames", "ObservableCounter", "{frame}"),
        ("signals.ipc.server.paused_clients", "ObservableUpDownCounter", "{client}"),
        ("signals.ipc.server.unsent_bytes", "ObservableUpDownCounter", "By"),
        ("signals.remote.export.queue.bytes", "ObservableUpDownCounter", "By"),
        ("signals.remote.export.queue.length", "ObservableUpDownCounter", "{item}"),
        ("signals.remote.export.subscriptions", "ObservableUpDownCounter", "{subscription}"),
        ("signals.remote.import.queue.bytes", "ObservableUpDownCounter", "By"),
        ("signals.remote.import.queue.length", "ObservableUpDownCounter", "{entry}"),
        ("signals.remote.import.subscriptions", "ObservableUpDownCounter", "{subscription}"),
        ("signals.remote.missed", "Counter", "{emission}"),
    ];

    /// <summary>The attributes as labels of Prometheus.</summary>
    private static readonly string[] Attributes = ["rpc_method", "signals_evaluator_name", "signals_remote_name", "signals_remote_cause"];

    private readonly List<Instrument> _published = [];

    [OneTimeSetUp]
    public async Task UseAsync()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        using var signal = new Signal<int>();
        session.Host.Host.Export("m7", signal);
        RemoteSignal<int> import = session.Client.Import<int>("m7");
        import.Connect(static _ => { });
        await import.WaitUntilLiveAsync().Within("the grant");
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is "Signals.Core" or "Signals.Remote" or "Signals.Ipc")
                {
                    _published.Add(instrument);
                }
            },
        };
        listener.Start();
    }

    [Test]
    public void M7_each_instrument_has_its_kind_and_unit()
    {
        Assert.That(
            _published.Select(static one => (one.Name, one.GetType().Name.Split('`')[0], one.Unit!)).Order(),
            Is.EqualTo(Expected.OrderBy(static one => one.Name))
        );
        Assert.That(_published.Select(static one => one.Description), Is.All.Not.Empty);
    }

    [Test]
    public void M7_the_page_describes_each_instrument_with_its_unit()
    {
        string[] rows = [.. File.ReadLines(Repository.PathOf("docs", "telemetry.md")).Where(static line => InstrumentRow().IsMatch(line))];
        Assert.That(
            rows.Select(static row => (InstrumentRow().Match(row).Groups["name"].Value, InstrumentRow().Match(row).Groups["unit"].Value)).Order(),
            Is.EqualTo(Expected.Select(static one => (one.Name, one.Unit)).Order())
        );
    }

    [Test]
    public void M7_the_dashboard_uses_the_instruments_and_attributes_that_exist()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "telemetry-dashboard.json")));
        string[] expressions =
        [
            .. dashboard
                .RootElement.GetProperty("panels")
                .EnumerateArray()
                .Where(static panel => panel.GetProperty("type").GetString() != "row")
                .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .Select(static target => target.GetProperty("expr").GetString()!),
        ];
        HashSet<string> known = [.. Expected.SelectMany(PrometheusNames), .. Attributes];
        string[] used = [.. expressions.SelectMany(static text => PrometheusName().Matches(text).Select(static match => match.Value)).Distinct()];
        Assert.That(used.Except(known), Is.Empty);
        Assert.That(Expected.Where(one => !PrometheusNames(one).Intersect(used).Any()), Is.Empty, "Instruments that no panel shows.");
    }

    [Test]
    public void M7_the_panels_of_the_dashboard_do_not_overlap()
    {
        using JsonDocument dashboard = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "telemetry-dashboard.json")));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        Assert.That(panels.Select(static panel => panel.GetProperty("id").GetInt32()), Is.Unique);
        (int, int)[] cells = [.. panels.SelectMany(static panel => CellsOf(panel.GetProperty("gridPos")))];
        Assert.That(cells, Is.Unique);
        Assert.That(cells.Select(static cell => cell.Item1), Is.All.InRange(0, 23));
    }

    [Test]
    public void M7_the_conventions_are_named_by_the_schema_of_the_meter()
    {
        Meter meter = _published.First(static one => one.Name == "rpc.server.call.duration").Meter;
        Assert.That(
            (meter.TelemetrySchemaUrl, meter.Version),
            Is.EqualTo(("https://opentelemetry.io/schemas/1.40.0", typeof(IpcHost).Assembly.GetName().Version!.ToString(3)))
        );
    }

    /// <summary>Returns the names that Prometheus gives to an instrument.</summary>
    private static IEnumerable<string> PrometheusNames((string Name, string Kind, string Unit) instrument)
    {
        string name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return instrument.Kind switch
        {
            "Histogram" => [$"{name}_bucket", $"{name}_count"],
            "Counter" or "ObservableCounter" => [$"{name}_total"],
            _ => [name],
        };
    }

    private static IEnumerable<(int, int)> CellsOf(JsonElement position)
    {
        int left = position.GetProperty("x").GetInt32();
        int top = position.GetProperty("y").GetInt32();
        for (int x = left; x < left + position.GetProperty("w").GetInt32(); x++)
        {
            for (int y = top; y < top + position.GetProperty("h").GetInt32(); y++)
            {
                yield return (x, y);
            }
        }
    }

    [GeneratedRegex(@"^\| `(?<name>(rpc|signals)\.[a-z_.]+)` \| [a-z-]+( counter)?, `(?<unit>[^`]+)` \|")]
    private static partial Regex InstrumentRow();

    [GeneratedRegex(@"\b(rpc|signals)_[a-z_]+")]
    private static partial Regex PrometheusName();
}
