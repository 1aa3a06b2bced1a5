using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>The rules of imports by patterns, for exchanges that have them.</summary>
internal abstract class PatternFixture : PairFixture
{
    [Test]
    public void X1_a_pattern_imports_what_matches_now_and_later_with_its_name()
    {
        using var a = new Signal<int>();
        using var b = new Signal<int>();
        using var c = new Signal<int>();
        using var other = new Signal<int>();
        using var text = new Signal<string>();
        Exporter.Export("plant.a.temperature", a);
        Exporter.Export("plant.b.temperature", b);
        Exporter.Export("plant.a.pressure", other);
        Exporter.Export("plant.text.temperature", text);
        Exporter.Export("plant.a.b.temperature", other);
        var received = new List<NamedValue<int>>();
        RemoteSignal<NamedValue<int>> import = Importer.ImportMany<int>("plant.*.temperature");
        import.Connect(received.Add);
        Pair.UntilLive(import);
        a.Emit(1);
        other.Emit(2);
        b.Emit(3);
        ExportedSignal later = Exporter.Export("plant.c.temperature", c);
        Pair.Until(() => later.SubscriberCount == 1);
        c.Emit(4);
        Pair.Until(() => received.Count == 3);
        Assert.That(
            received,
            Is.EqualTo((NamedValue<int>[])[new("plant.a.temperature", 1), new("plant.b.temperature", 3), new("plant.c.temperature", 4)])
        );
    }

    [TestCase("a.>", new[] { "a.b", "a.b.c" })]
    [TestCase("*.b", new[] { "a.b", "x.b" })]
    [TestCase("*.>", new[] { "a.b", "a.b.c", "x.b" })]
    [TestCase(">", new[] { "a", "a.b", "a.b.c", "x.b" })]
    [TestCase("a.b", new[] { "a.b" })]
    public void X1_a_star_is_a_segment_and_an_open_end_one_or_more(string pattern, string[] matching)
    {
        string[] names = ["a", "a.b", "a.b.c", "x.b"];
        ExportedSignal[] exports = [.. names.Select(name => Exporter.Export(name, new Signal<int>()))];
        RemoteSignal<NamedValue<int>> import = Importer.ImportMany<int>(pattern);
        ConnectionHandle handle = import.Connect(static _ => { });
        Pair.UntilLive(import);
        Pair.Until(() => exports.Count(static export => export.SubscriberCount == 1) == matching.Length);
        Assert.That(exports.Where(static export => export.SubscriberCount == 1).Select(static export => export.Name), Is.EqualTo(matching));
        handle.Disconnect();
        Pair.Until(() => exports.All(static export => export.SubscriberCount == 0), "the end of all subscriptions");
    }

    [Test]
    public void X8_an_import_by_a_pattern_is_live_while_a_name_is_exported_and_gaps_are_told_for_each()
    {
        using var a = new Signal<int>();
        using var b = new Signal<int>();
        ExportedSignal first = Exporter.Export("n.a", a);
        ExportedSignal second = Exporter.Export("n.b", b);
        var gaps = new List<Missed>();
        int received = 0;
        RemoteSignal<NamedValue<int>> import = Importer.ImportMany<int>("n.*", new ImportOptions { Capacity = 4 });
        import.Missed.Connect(gaps.Add);
        import.Connect(_ => received++);
        Pair.UntilLive(import);
        for (int i = 0; i < 100; i++)
        {
            a.Emit(i);
            b.Emit(i);
        }

        Pair.Until(() => received + gaps.Sum(static gap => gap.Count) == 200, "the account of all emissions");
        first.Dispose();
        b.Emit(1);
        Pair.Until(() => received + gaps.Sum(static gap => gap.Count) == 201);
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
        second.Dispose();
        Pair.Until(() => import.State == RemoteState.Waiting);
        gaps.Clear();
        Exporter.Export("n.b", b);
        Pair.UntilLive(import);
        Pair.Until(() => gaps.Count == 1);
        Assert.That(gaps, Is.EqualTo([new Missed(null, MissedCause.Restarted)]));
    }

    [Test]
    public void X7_properties_come_with_their_current_values()
    {
        Exporter.Export("p.a", new Property<int>(1));
        Exporter.Export("p.b", new Property<int>(2));
        var received = new List<NamedValue<int>>();
        RemoteSignal<NamedValue<int>> import = Importer.ImportMany<int>("p.*");
        import.Connect(received.Add);
        Pair.Until(() => received.Count == 2);
        Assert.That(received, Is.EquivalentTo((NamedValue<int>[])[new("p.a", 1), new("p.b", 2)]));
    }

    [TestCase("")]
    [TestCase("a*")]
    [TestCase("a.>.b")]
    [TestCase(">a")]
    [TestCase("*.")]
    [TestCase("a b")]
    public void X1_a_pattern_that_is_not_valid_is_refused(string pattern) =>
        Assert.That(() => Importer.ImportMany<int>(pattern), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("pattern"));
}
