using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Losses of a network that distributes emissions, and messages on it that are not of the exporter.</summary>
[TestFixture]
internal sealed class BroadcastTests
{
    private BroadcastPair _pair = null!;
    private Signal<int> _signal = null!;

    [SetUp]
    public void SetUp()
    {
        _pair = new BroadcastPair();
        _signal = new Signal<int>();
    }

    [TearDown]
    public async Task TearDown()
    {
        _signal.Dispose();
        await _pair.DisposeAsync();
    }

    [Test]
    public void X4_what_the_network_loses_is_told_before_the_next_value_with_the_exact_number()
    {
        _pair.Exporter.Export("a", _signal);
        List<string> log = Import();
        _signal.Emit(1);
        _pair.LosesEmissions = true;
        _signal.Emit(2);
        _signal.Emit(3);
        _pair.LosesEmissions = false;
        _signal.Emit(4);
        _pair.Until(() => log.Contains("4"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1", "Overflow 2", "4"]));
    }

    [Test]
    public void N4_a_lost_last_emission_is_found_by_its_number()
    {
        _pair.Exporter.Export("a", _signal);
        List<string> log = Import();
        _signal.Emit(1);
        _pair.LosesEmissions = true;
        _signal.Emit(2);
        _pair.TellProgress();
        _pair.LosesEmissions = false;
        _pair.Until(() => log.Contains("Reconnected 1"));
        _pair.TellProgress();
        _signal.Emit(3);
        _pair.Until(() => log.Contains("3"));
        Assert.That(log.Where(static line => line != "Live"), Is.EqualTo(["Waiting", "1", "Reconnected 1", "3"]));
    }

    [Test]
    public void N4_a_property_whose_last_value_was_lost_has_it_after_the_number()
    {
        var property = new Property<int>(1);
        _pair.Exporter.Export("p", property);
        RemoteProperty<int> import = _pair.Importer.ImportProperty<int>("p");
        import.Connect(static _ => { });
        _pair.Until(() => import.HasValue);
        _pair.LosesEmissions = true;
        property.Value = 2;
        _pair.TellProgress();
        _pair.Until(() => import.Value == 2);
    }

    [Test]
    public void X5_an_emission_is_published_once_for_all_importers_and_not_at_all_without_one()
    {
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        _signal.Emit(1);
        Assert.That(_pair.PublishedCount, Is.Zero);
        var evaluators = new ConnectionEvaluator[3];
        int received = 0;
        var imports = new List<RemoteSignal<int>>();
        for (int i = 0; i < evaluators.Length; i++)
        {
            evaluators[i] = new ConnectionEvaluator();
            imports.Add(_pair.Importer.Import<int>("a", new ImportOptions { Evaluator = evaluators[i] }));
            imports[i].Connect(_ => received++);
        }

        _pair.Until(() => export.SubscriberCount == evaluators.Length);
        _signal.Emit(2);
        _pair.Until(() =>
        {
            Array.ForEach(evaluators, static evaluator => evaluator.EvaluateDeferredConnections());
            return received == evaluators.Length;
        });
        Assert.That(_pair.PublishedCount, Is.EqualTo(1));
        imports.ForEach(static import => import.Dispose());
        _pair.Until(() => export.SubscriberCount == 0);
        _signal.Emit(3);
        Assert.That(_pair.PublishedCount, Is.EqualTo(1));
        Array.ForEach(evaluators, static evaluator => evaluator.Dispose());
    }

    [Test]
    public void X5_disconnect_delivers_what_was_queued_and_then_refuses()
    {
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        var received = new List<int>();
        RemoteSignal<int> import = _pair.Importer.Import<int>("a", new ImportOptions { Overflow = RemoteOverflow.Disconnect, Capacity = 10 });
        import.Connect(received.Add);
        _pair.UntilLive(import);
        for (int i = 0; i < 1000 && export.SubscriberCount > 0; i++)
        {
            _signal.Emit(i);
        }

        Assert.That(export.SubscriberCount, Is.Zero, "The subscription has ended.");
        _pair.Until(() => import.State == RemoteState.Refused);
        _pair.Until(() => received.Count >= 10);
        Assert.That(import.StateReason, Is.EqualTo("too slow"));
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, received.Count)));
    }

    [TestCase("a")]
    [TestCase("*")]
    public void X8_what_the_network_does_not_permit_stays_refused_when_the_grant_arrives_later(string request)
    {
        RemoteImport import = request == "a" ? _pair.Importer.Import<int>(request) : _pair.Importer.ImportMany<int>(request);
        using IDisposable held = import.KeepLive();
        _pair.Inbox.Refuse(request, "not allowed by the network");
        ExportedSignal export = _pair.Exporter.Export("a", _signal);
        using var later = new Signal<int>();
        _pair.Exporter.Export("b", later);
        RemoteSignal<int> permitted = _pair.Importer.Import<int>("b");
        permitted.Connect(static _ => { });

        // Its grant follows the other one.
        _pair.UntilLive(permitted);
        Assert.That((import.State, import.StateReason), Is.EqualTo((RemoteState.Refused, "not allowed by the network")));
        _pair.Until(() => export.SubscriberCount == 0, "the end of the subscription");
        _pair.Break();
        _pair.Reconnect();
        _pair.UntilLive(import);
    }

    [Test]
    public void X14_emissions_of_another_export_old_ones_and_malformed_ones_are_ignored()
    {
        _pair.Exporter.Export("a", _signal);
        List<string> log = Import();
        _signal.Emit(1);
        RemoteDelivery last = _pair.Last;
        byte[] value = [10, 8, 8, 0, 18, 4, 9, 0, 0, 0];
        Assert.That(_pair.Publish("a", last.Epoch + 1, 1, value), "Another export.");
        Assert.That(_pair.Publish("a", last.Epoch, 0, value), "An emission that has arrived.");
        Assert.That(_pair.Publish("b", last.Epoch, 1, value), "A name that is not wanted.");
        Assert.That(_pair.Publish("a", last.Epoch, ulong.MaxValue, value), Is.False);
        Assert.That(_pair.Publish("a", last.Epoch, 1, [10, 200]), Is.False);
        Assert.That(_pair.Publish("a", last.Epoch, 1, [10, 4, 8, 0, 80, 1]), Is.False, "The end of an export is not an emission.");
        Assert.That(_pair.Inbox.Receive([10, 200]), Is.False);
        Assert.That(_pair.Inbox.Receive([10, 4, 8, 77, 80, 1]), "A subscription that does not exist.");
        _signal.Emit(2);
        _pair.Until(() => log.Contains("2"));
        Assert.That(log, Is.EqualTo(["Waiting", "Live", "1", "2"]));
    }

    [Test]
    public void X4_a_gap_of_unknown_size_of_an_exported_import_is_told_to_all_importers()
    {
        using var source = new LocalExchange(_pair.ExportEvaluator);
        ExportedSignal first = source.Export("s", _signal);
        RemoteSignal<int> middle = source.Import<int>("s");
        _pair.Exporter.Export("a", middle);
        List<string> log = Import();
        _signal.Emit(1);
        _pair.Until(() => log.Contains("1"));
        first.Dispose();
        source.Export("s", _signal);
        _pair.Until(() => middle.State == RemoteState.Live);
        _pair.Until(() => log.Contains("Restarted "));
        _signal.Emit(2);
        _pair.Until(() => log.Contains("2"));
        Assert.That(log.Where(static line => line != "Live"), Is.EqualTo(["Waiting", "1", "Restarted ", "2"]));
    }

    [Test]
    public void X14_a_value_that_is_too_large_is_told_and_the_next_one_arrives()
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
        signal.Emit(new byte[65_537]);
        signal.Emit(new byte[65_536]);
        _pair.Until(() => log.Count == 2 && Volatile.Read(ref failures) == 1);
        Assert.That(log, Is.EqualTo(["TooLarge 1", "65536"]));
    }

    /// <summary>Imports a signal, waits until it is live, and returns its states, values and gaps.</summary>
    private List<string> Import()
    {
        var log = new List<string>();
        RemoteSignal<int> import = _pair.Importer.Import<int>("a");
        import.StateChanged.Connect(state => log.Add($"{state}"));
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value}"));
        _pair.UntilLive(import);
        _pair.Until(() => log.Contains("Live"));
        return log;
    }
}
