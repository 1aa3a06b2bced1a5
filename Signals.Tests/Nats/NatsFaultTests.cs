using System.Globalization;
using System.Text;
using Google.Protobuf;
using NATS.Client.Core;
using NUnit.Framework;
using Signals.Nats;
using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Tests.Nats;

/// <summary>Faults of servers, networks and other processes, and their effects on remote signals.</summary>
[TestFixture]
[NeedsNatsServer]
internal sealed class NatsFaultTests
{
    private NatsPair _pair = null!;
    private Signal<int> _signal = null!;

    [SetUp]
    public void SetUp()
    {
        _pair = new NatsPair();
        _signal = new Signal<int>();
    }

    [TearDown]
    public async Task TearDown()
    {
        _signal.Dispose();
        await _pair.DisposeAsync();
    }

    [Test]
    public async Task X14_messages_of_others_are_ignored()
    {
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, List<string> log) = Import();
        await using var other = new NatsConnection(new NatsOpts { Url = SharedServer.Server.Url });
        string id = _pair.Exporting.Id;
        string[] headers =
        [
            "",
            "x",
            $"{id}",
            $"{id} 0123456789abcdef int32",
            $"{id} 0123456789abcdeg int32",
            $"{_pair.Importing.Id} 0123456789abcdef int32",
        ];
        byte[][] payloads =
        [
            [],
            [1],
            [1, 2, 3, 4, 5, 6, 7, 8],
            [0, 0, 0, 0, 0, 0, 0, 0, 10, 200],
            [255, 255, 255, 255, 255, 255, 255, 255, 10, 4, 8, 0, 24, 1],
        ];
        string[] subjects =
        [
            "v.a",
            "c.heartbeat",
            "c.hello",
            $"c.exporter.{id}",
            $"c.importer.{id}",
            $"c.exporter.{_pair.Importing.Id}",
            $"c.importer.{_pair.Importing.Id}",
        ];
        foreach (string subject in subjects)
        {
            foreach (string header in headers)
            {
                foreach (byte[] payload in payloads)
                {
                    var added = new NatsHeaders { ["Signals"] = header };
                    await other.PublishAsync($"{_pair.Prefix}.{subject}", payload, header.Length == 0 ? null : added);
                }
            }
        }

        await other.PublishAsync($"{_pair.Prefix}.v.a", Encoding.UTF8.GetBytes(new string('x', 5000)));
        await other.PingAsync();
        _signal.Emit(1);
        _pair.Until(() => log.Contains("1"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1"]));
        Assert.That(export.SubscriberCount, Is.EqualTo(1));
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
    }

    [Test]
    public void N5_a_value_over_max_payload_is_told_and_the_connection_stands()
    {
        using var signal = new Signal<byte[]>();
        ExportedSignal export = _pair.Exporter.Export("a", signal);
        int failures = 0;
        export.Failed.Connect(_ => Interlocked.Increment(ref failures));
        var log = new List<string>();
        RemoteSignal<byte[]> import = _pair.Importer.Import<byte[]>("a");
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value.Length}"));
        _pair.UntilLive(import);
        signal.Emit(new byte[1024 * 1024]);
        signal.Emit(new byte[1024 * 1023]);
        _pair.Until(() => log.Count == 2 && Volatile.Read(ref failures) == 1);
        Assert.That(log, Is.EqualTo(["TooLarge 1", $"{1024 * 1023}"]));
    }

    [Test]
    public async Task X15_values_emitted_before_the_exporter_is_disposed_arrive_or_are_told_as_missed()
    {
        const int Count = 600;
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        int received = 0;
        long missed = 0;
        var states = new List<string>();
        RemoteSignal<int> import = _pair.Importer.Import<int>("a");
        import.StateChanged.Connect(state => states.Add($"{state} {received + missed}"));
        import.Missed.Connect(gap => missed += gap.Count!.Value);
        import.Connect(_ => received++);
        _pair.Until(() => export.SubscriberCount > 0);
        for (int i = 0; i < Count; i++)
        {
            _signal.Emit(i);
        }

        await _pair.Exporting.DisposeAsync().AsTask().Within("the end of the exporter");
        _pair.Until(() => import.State == RemoteState.Stale && states.Count == 3);
        Assert.That(states, Is.EqualTo(["Waiting 0", "Live 0", $"Stale {Count}"]));
        Assert.That(received, Is.Positive);
    }

    [Test]
    public async Task X15_lost_last_emissions_of_a_disposed_exporter_are_told_as_missed()
    {
        _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, List<string> log) = Import();
        await using var other = new NatsConnection(new NatsOpts { Url = SharedServer.Server.Url });
        await using INatsSub<byte[]> values = await other.SubscribeCoreAsync<byte[]>($"{_pair.Prefix}.v.a");
        await other.PingAsync();
        _signal.Emit(1);
        NatsMsg<byte[]> message = await values.Msgs.ReadAsync().AsTask().Within("the value");
        string[] header = message.Headers!["Signals"].ToString().Split(' ');

        // As if three more emissions were lost.
        var leaving = new Heartbeat
        {
            Exporter = ulong.Parse(header[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            Epochs = { ulong.Parse(header[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) },
            Numbers = { 4 },
            IsLeaving = true,
        };
        await other.PublishAsync($"{_pair.Prefix}.c.heartbeat", leaving.ToByteArray());
        _pair.Until(() => log.Count == 5);
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1", "Reconnected 3", "Stale"]));
        Assert.That(import.State, Is.EqualTo(RemoteState.Stale));
    }

    [Test]
    public async Task X15_importers_of_a_disposed_exporter_are_stale_and_live_again_with_another_one()
    {
        _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, List<string> log) = Import();
        await _pair.Exporting.DisposeAsync().AsTask().Within("the end of the exporter");
        _pair.Until(() => import.State == RemoteState.Stale);
        await using NatsExchange again = _pair.CreateExporter();
        again.Export("a", _signal);
        _pair.UntilLive(import);
        _signal.Emit(1);
        _pair.Until(() => log.Contains("1"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "Stale", "Live", "Restarted ", "1"]));
    }

    [Test]
    public void N4_three_missing_heartbeats_make_it_stale_and_the_next_one_live()
    {
        _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, List<string> log) = Import();
        _pair.ImportTime.Advance(TimeSpan.FromSeconds(7));
        _pair.Until(() => import.State == RemoteState.Stale);
        _signal.Emit(1);
        _pair.Time.Advance(TimeSpan.FromSeconds(2));
        _pair.UntilLive(import);
        _signal.Emit(2);
        _pair.Until(() => log.Contains("2"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "Stale", "Live", "Reconnected 1", "2"]));
    }

    [Test]
    public void N3_an_importer_without_a_lease_has_no_subscription_and_subscribes_again_when_it_is_told()
    {
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, List<string> log) = Import();
        _pair.Time.Advance(TimeSpan.FromSeconds(32));
        _pair.Until(() => export.SubscriberCount == 0, "the end of the lease");
        _signal.Emit(1);
        Renew();
        _pair.Until(() => export.SubscriberCount == 1, "another subscription");
        _pair.Until(() => log.Count(static line => line == "Live") == 2);
        _signal.Emit(2);
        _pair.Until(() => log.Contains("2"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "Stale", "Live", "Reconnected 1", "2"]));
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
    }

    [Test]
    public void N3_a_lease_keeps_the_subscription()
    {
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        int ends = 0;
        export.Unsubscribed.Connect(_ => Interlocked.Increment(ref ends));
        (RemoteSignal<int> import, List<string> log) = Import();
        for (int i = 0; i < 5; i++)
        {
            _pair.Time.Advance(TimeSpan.FromSeconds(10));
            Renew();
            _pair.Until(() => _pair.Exporting.ExportEnd.Sessions.Single().HeardAt == _pair.Time.GetTimestamp(), "the lease");
        }

        _signal.Emit(1);
        _pair.Until(() => log.Contains("1"));
        Assert.That(ends, Is.Zero);
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1"]));
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
    }

    [Test]
    public void X2_an_importer_that_wants_nothing_any_more_has_no_lease()
    {
        _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, _) = Import();
        Assert.That(_pair.Exporting.ExportEnd.Sessions, Has.Length.EqualTo(1));
        import.Dispose();
        Renew();
        _pair.Until(() => _pair.Exporting.ExportEnd.Sessions.Length == 0, "the end of the session");
        Import();
    }

    [Test]
    public async Task N4_replicas_are_merged_with_each_emission_once_and_a_property_of_two_is_refused()
    {
        _pair.Exporter.Export("a", _signal);
        (RemoteSignal<int> import, List<string> log) = Import();
        RemoteProperty<int> property = _pair.Importer.ImportProperty<int>("p");
        property.Connect(static _ => { });
        _pair.Exporter.Export("p", new Property<int>(1));
        _pair.UntilLive(property);
        await using NatsExchange second = _pair.CreateExporter();
        using var other = new Signal<int>();
        ExportedSignal replica = second.Export("a", other);
        second.Export("p", new Property<int>(2));
        _pair.Until(() => replica.SubscriberCount == 1 && property.State == RemoteState.Refused, "the replica");
        for (int i = 0; i < 100; i++)
        {
            _signal.Emit(i);
            other.Emit(1000 + i);
        }

        _pair.Until(() => log.Count >= 202, "all emissions");
        string[] expected = [.. Enumerable.Range(0, 100).SelectMany(static i => (string[])[$"{i}", $"{1000 + i}"])];
        Assert.That(log.Skip(2), Is.EquivalentTo(expected));
        await second.DisposeAsync();
        _pair.UntilLive(property);
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
    }

    [Test]
    public void N3_ten_thousand_names_are_live_and_each_has_its_value()
    {
        const int count = 10_000;
        Signal<int>[] signals = [.. Enumerable.Range(0, count).Select(static _ => new Signal<int>())];
        long sum = 0;
        RemoteSignal<int>[] imports =
        [
            .. signals.Select(
                (signal, i) =>
                {
                    _pair.Exporter.Export($"n.{i}", signal);
                    RemoteSignal<int> import = _pair.Importer.Import<int>($"n.{i}");
                    import.Connect(value => sum += value);
                    return import;
                }
            ),
        ];
        _pair.UntilLive(imports);
        for (int i = 0; i < count; i++)
        {
            signals[i].Emit(i);
        }

        _pair.Until(() => sum == count * (count - 1L) / 2, "all values");
        Array.ForEach(signals, static signal => signal.Dispose());
        _pair.Until(() => imports.All(static import => import.State == RemoteState.Waiting), "the end of the exports");
    }

    [Test]
    public void N5_an_import_that_is_not_evaluated_delays_no_other_one_and_its_gap_is_exact()
    {
        const int count = 20_000;
        using var other = new Signal<int>();
        using var idle = new ConnectionEvaluator();
        _pair.Exporter.Export("a", _signal);
        _pair.Exporter.Export("b", other);
        long seen = 0;
        RemoteSignal<int> slow = _pair.Importer.Import<int>("a", new ImportOptions { Evaluator = idle, Capacity = 10 });
        slow.Missed.Connect(gap => seen += gap.Count!.Value);
        slow.Connect(_ => seen++);
        var received = new List<int>();
        RemoteSignal<int> quick = _pair.Importer.Import<int>("b");
        quick.Connect(received.Add);
        _pair.UntilLive(slow, quick);
        for (int i = 0; i < count; i++)
        {
            _signal.Emit(i);
            if (i % 100 == 0)
            {
                int expected = received.Count + 1;
                other.Emit(i);
                _pair.Until(() => received.Count == expected, "the value of the other import");
            }
        }

        _pair.Until(() =>
        {
            idle.EvaluateDeferredConnections();
            return seen == count;
        });
    }

    [Test]
    public void X16_a_circle_of_two_exchanges_is_refused()
    {
        RemoteSignal<int> there = _pair.Importer.Import<int>("x");
        RemoteSignal<int> back = _pair.Exporting.Import<int>("y");
        _pair.Exporter.Export("x", back);
        _pair.Importing.Export("y", there);
        there.Connect(static _ => { });
        _pair.Until(() => (there.StateReason ?? back.StateReason)?.Contains("circle", StringComparison.Ordinal) == true, "the refusal of the circle");
    }

    /// <summary>Lets the importer's time pass until it renews its lease, with a heartbeat as often as it needs one.</summary>
    private void Renew()
    {
        for (int i = 0; i < 2; i++)
        {
            _pair.ImportTime.Advance(TimeSpan.FromSeconds(4));
            _pair.Time.Advance(TimeSpan.FromSeconds(2));
            _pair.Until(
                () => _pair.Importing.ImportEnd.Links.All(link => Volatile.Read(ref link.HeardAt) == _pair.ImportTime.GetTimestamp()),
                "a heartbeat"
            );
        }

        _pair.ImportTime.Advance(TimeSpan.FromSeconds(2));
    }

    private (RemoteSignal<int> Import, List<string> Log) Import()
    {
        var log = new List<string>();
        RemoteSignal<int> import = _pair.Importer.Import<int>("a");
        import.StateChanged.Connect(state => log.Add($"{state}"));
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value}"));
        _pair.UntilLive(import);
        _pair.Until(() => log.Contains("Live"));
        return (import, log);
    }
}
