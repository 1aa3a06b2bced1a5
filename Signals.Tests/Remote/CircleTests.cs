using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>X16: circles of exports and imports.</summary>
public sealed class CircleTests
{
    [Test]
    public async Task X16_a_circle_that_closes_at_a_later_export_is_refused()
    {
        await using var pair = new LocalPair();
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(static _ => { });
        pair.Exporter.Export("a", import);
        pair.Until(() => import.State == RemoteState.Refused);
        Assert.That(import.StateReason, Is.EqualTo("circle: a \u2192 a"));
    }

    [Test]
    public async Task X16_a_circle_that_is_refused_receives_nothing()
    {
        await using var pair = new BytesPair();
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        int calls = 0;
        import.Connect(_ => calls++);
        ExportedSignal export = pair.Exporter.Export("a", import);
        pair.Until(() => import.State == RemoteState.Refused && export.SubscriberCount == 0, "the end of the subscription");
        Assert.That(calls, Is.Zero);
    }

    [TestCase(new[] { 0, 1, 2 })]
    [TestCase(new[] { 0, 2, 1 })]
    [TestCase(new[] { 1, 0, 2 })]
    [TestCase(new[] { 1, 2, 0 })]
    [TestCase(new[] { 2, 0, 1 })]
    [TestCase(new[] { 2, 1, 0 })]
    public void X16_a_circle_of_three_exchanges_is_found_in_whichever_order_it_closes(int[] order)
    {
        using var evaluator = new ConnectionEvaluator();
        LocalExchange[] exchanges = [.. Enumerable.Range(0, 3).Select(_ => new LocalExchange(evaluator))];
        string[] names = ["a", "b", "c"];
        RemoteSignal<int>[] imports = [.. Enumerable.Range(0, 3).Select(i => exchanges[(i + 1) % 3].Import<int>(names[(i + 1) % 3]))];
        foreach (RemoteSignal<int> import in imports)
        {
            import.Connect(static _ => { });
        }

        foreach (int i in order)
        {
            exchanges[i].Export(names[i], imports[i]);
            evaluator.EvaluateDeferredConnections();
        }

        Assert.That(imports.Count(static import => import.State == RemoteState.Refused), Is.GreaterThanOrEqualTo(1));
        string reason = imports.First(static import => import.State == RemoteState.Refused).StateReason!;
        string[] circle = reason["circle: ".Length..].Split(" \u2192 ");
        Assert.Multiple(() =>
        {
            Assert.That(reason, Does.StartWith("circle: "));
            Assert.That(circle[0], Is.EqualTo(circle[^1]));
            Assert.That(circle[1..], Is.EquivalentTo(names));
        });
        Array.ForEach(exchanges, static exchange => exchange.Dispose());
    }

    [Test]
    public void X16_an_export_that_takes_the_place_of_the_source_of_its_own_values_is_refused()
    {
        using var evaluator = new ConnectionEvaluator();
        using var first = new LocalExchange(evaluator);
        using var second = new LocalExchange(evaluator);
        using var source = new Signal<int>();
        ExportedSignal export = first.Export("a", source);
        RemoteSignal<int> a = first.Import<int>("a");
        a.Connect(static _ => { });
        second.Export("b", a);
        RemoteSignal<int> b = second.Import<int>("b");
        b.Connect(static _ => { });
        evaluator.EvaluateDeferredConnections();
        Assert.That(b.State, Is.EqualTo(RemoteState.Live));
        export.Dispose();
        evaluator.EvaluateDeferredConnections();
        first.Export("a", b);
        evaluator.EvaluateDeferredConnections();
        Assert.That((a.StateReason ?? b.StateReason), Does.StartWith("circle: ").And.Contain("a").And.Contain("b"));
    }

    [Test]
    public void X16_a_longer_path_is_no_circle_after_its_source_has_changed()
    {
        using var evaluator = new ConnectionEvaluator();
        using var first = new LocalExchange(evaluator);
        using var second = new LocalExchange(evaluator);
        using var source = new Signal<int>();
        RemoteSignal<int> later = first.Import<int>("source");
        second.Export("b", later);
        RemoteSignal<int> b = second.Import<int>("b");
        var received = new List<int>();
        b.Connect(received.Add);
        evaluator.EvaluateDeferredConnections();
        Assert.That(b.GrantedPath, Has.Count.EqualTo(1));
        first.Export("source", source);
        evaluator.EvaluateDeferredConnections();
        Assert.That(b.GrantedPath.Select(static node => node[(node.IndexOf('/') + 1)..]), Is.EqualTo(["b", "source"]));
        source.Emit(1);
        evaluator.EvaluateDeferredConnections();
        evaluator.EvaluateDeferredConnections();
        Assert.That(received, Is.EqualTo([1]));
    }
}
