using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>The rules of remote signals, which each exchange proves with a class of its own.</summary>
internal abstract partial class RemoteSignalFixture : PairFixture
{
    /// <summary>Returns the number of values that were dropped between the two, if the export knows it.</summary>
    private protected virtual long? DroppedBy(RemoteExport export) => null;

    [Test]
    public void X1_a_name_that_is_not_valid_is_refused()
    {
        using var signal = new Signal<int>();
        string[] names = ["", ".", "a.", ".a", "a..b", "a b", "\u00e4", "a/b", "a*", new string('a', 256)];
        foreach (string name in names)
        {
            Assert.That(() => Exporter.Export(name, signal), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("name"), name);
            Assert.That(() => Importer.Import<int>(name), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("name"), name);
        }

        Assert.That(() => Exporter.Export($"A-z_0.{new string('a', 249)}", signal), Throws.Nothing);
    }

    [Test]
    public void X1_a_name_is_exported_once()
    {
        using var signal = new Signal<int>();
        ExportedSignal first = Exporter.Export("a", signal);
        Assert.That(() => Exporter.Export("a", new Signal<int>()), Throws.InvalidOperationException.With.Message.Contain("a is already exported"));
        first.Dispose();
        Assert.That(() => Exporter.Export("a", new Signal<int>()), Throws.Nothing);
    }

    [Test]
    public void X1_importers_of_a_withdrawn_name_wait_and_are_live_again_when_it_is_back()
    {
        var received = new List<int>();
        var states = new List<RemoteState>();
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        RemoteSignal<int> import = Importer.Import<int>("a");
        import.StateChanged.Connect(states.Add);
        import.Connect(received.Add);
        Pair.UntilLive(import);
        signal.Emit(1);
        Pair.Until(() => received.Count == 1);
        export.Dispose();
        Pair.Until(() => import.State == RemoteState.Waiting);
        signal.Emit(2);
        Exporter.Export("a", signal);
        Pair.UntilLive(import);
        signal.Emit(3);
        Pair.Until(() => received.Count == 2);
        Assert.Multiple(() =>
        {
            Assert.That(received, Is.EqualTo([1, 3]));
            Assert.That(states, Is.EqualTo([RemoteState.Waiting, RemoteState.Live, RemoteState.Waiting, RemoteState.Live]));
        });
    }

    [Test]
    public void X1_disposing_the_signal_withdraws_the_name()
    {
        var signal = new Signal<int>();
        Exporter.Export("a", signal);
        RemoteSignal<int> import = Live("a", []);
        signal.Dispose();
        Pair.Until(() => import.State == RemoteState.Waiting);
        Exporter.Export("a", new Signal<int>());
        Pair.UntilLive(import);
    }

    [Test]
    public void X2_importing_subscribes_with_the_first_connection_and_unsubscribes_with_the_last()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        RemoteSignal<int> import = Importer.Import<int>("a");
        Assert.That(import.State, Is.EqualTo(RemoteState.Idle));
        Assert.That(export.SubscriberCount, Is.Zero);
        ConnectionHandle first = import.Connect(static _ => { });
        ConnectionHandle second = import.Connect(static _ => { });
        Pair.UntilLive(import);
        Assert.That(export.SubscriberCount, Is.EqualTo(1));
        first.Disconnect();
        Assert.That(import.State, Is.EqualTo(RemoteState.Live));
        second.Disconnect();
        Assert.That(import.State, Is.EqualTo(RemoteState.Idle));
        Pair.Until(() => export.SubscriberCount == 0);
    }

    [Test]
    public void X2_a_connection_that_ends_in_its_own_slot_unsubscribes()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        RemoteSignal<int> import = Importer.Import<int>("a");
        int calls = 0;
        import.ConnectSingleShot(_ => calls++);
        Pair.UntilLive(import);
        signal.Emit(1);
        signal.Emit(2);
        Pair.Until(() => export.SubscriberCount == 0);
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void X2_imports_of_one_kind_share_a_subscription_and_each_is_an_object_of_its_own()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        var first = new List<int>();
        var second = new List<int>();
        RemoteSignal<int> one = Live("a", first);
        RemoteSignal<int> other = Live("a", second);
        Assert.That(one, Is.Not.SameAs(other));
        Assert.That(export.SubscriberCount, Is.EqualTo(1));
        one.Dispose();
        Assert.That(other.State, Is.EqualTo(RemoteState.Live));
        signal.Emit(7);
        Pair.Until(() => second.Count == 1);
        Assert.That(first, Is.Empty);
    }

    [Test]
    public void X2_an_absent_exporter_is_waited_for()
    {
        RemoteSignal<int> import = Importer.Import<int>("later");
        var received = new List<int>();
        import.Connect(received.Add);
        Assert.That(import.State, Is.EqualTo(RemoteState.Waiting));
        using var signal = new Signal<int>();
        Exporter.Export("later", signal);
        Pair.UntilLive(import);
        signal.Emit(4);
        Pair.Until(() => received.Count == 1);
    }

    [Test]
    public void X2_an_effect_that_reads_a_property_subscribes_it()
    {
        var property = new Property<int>(5);
        ExportedProperty<int> export = Exporter.Export("p", property);
        RemoteProperty<int> import = Importer.ImportProperty<int>("p");
        var seen = new List<int>();
        Computed<int> twice = Computed.Of(() => import.Value * 2);
        Effect effect = Effect.Run(() => seen.Add(twice.Value));
        Pair.Until(() => seen.Contains(10), "the effect to see the value");
        property.Value = 6;
        Pair.Until(() => seen.Contains(12), "the effect to see the change");
        effect.Dispose();
        Pair.Until(() => export.SubscriberCount == 0, "the end of the subscription");
        Assert.That(import.State, Is.EqualTo(RemoteState.Idle));
    }

    [Test]
    public void X3_emissions_of_several_signals_arrive_in_one_order()
    {
        using var a = new Signal<int>();
        using var b = new Signal<string>();
        Exporter.Export("a", a);
        Exporter.Export("b", b);
        var received = new List<string>();
        RemoteSignal<int> first = Importer.Import<int>("a");
        RemoteSignal<string> second = Importer.Import<string>("b");
        first.Connect(value => received.Add($"{value}"));
        second.Connect(received.Add);
        Pair.UntilLive(first, second);
        for (int i = 0; i < 300; i++)
        {
            a.Emit(i);
            b.Emit($"b{i}");
        }

        Pair.Until(() => received.Count == 600);
        Assert.That(received, Is.EqualTo(Enumerable.Range(0, 300).SelectMany(i => new[] { $"{i}", $"b{i}" })));
    }

    [Test]
    public void X4_each_emission_of_concurrent_threads_arrives_once()
    {
        const int count = 2000;
        using var signal = new Signal<int>();
        Exporter.Export("a", signal, new ExportOptions { Capacity = 100_000 });
        var received = new List<int>();
        Live("a", received);
        Worker.RunAll(
            () =>
            {
                for (int i = 0; i < count; i++)
                {
                    signal.Emit(i);
                }
            },
            () =>
            {
                for (int i = count; i < 2 * count; i++)
                {
                    signal.Emit(i);
                }
            }
        );
        Pair.Until(() => received.Count >= 2 * count);
        Assert.That(received.Order(), Is.EqualTo(Enumerable.Range(0, 2 * count)));
        Assert.That(received.Where(value => value < count), Is.Ordered);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(16)]
    public void X4_what_is_dropped_is_told_before_the_next_value_with_the_exact_number(int capacity)
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        var log = new List<int>();
        RemoteSignal<int> import = Importer.Import<int>("a", new ImportOptions { Capacity = capacity });
        long missed = 0;
        int expected = 0;
        import.Missed.Connect(gap =>
        {
            Assert.That(gap.Cause, Is.EqualTo(MissedCause.Overflow));
            Assert.That(gap.Count, Is.Positive);
            missed += gap.Count!.Value;
            expected += (int)gap.Count;
        });
        import.Connect(value =>
        {
            Assert.That(value, Is.EqualTo(expected), "The gap before the value has been told.");
            expected++;
            log.Add(value);
        });
        Pair.UntilLive(import);
        for (int i = 0; i < 1000; i++)
        {
            signal.Emit(i);
        }

        Pair.Until(() => log.Count > 0 && log[^1] == 999);
        Assert.Multiple(() =>
        {
            Assert.That(log.Count + missed, Is.EqualTo(1000));
            Assert.That(missed, Is.EqualTo(DroppedBy(export) ?? missed));
            Assert.That(log, Is.Ordered);
        });
    }

    [Test]
    public void X5_an_export_without_subscribers_encodes_nothing()
    {
        var codec = new CountingCodec();
        using var signal = new Signal<int>();
        Exporter.Export("a", signal, codec);
        signal.Emit(1);
        Assert.That(codec.Encodings, Is.Zero);
        Assert.That(Allocations.Of(() => signal.Emit(2)), Is.Zero);
    }

    [Test]
    public void X5_latest_gives_the_last_value()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal);
        var received = new List<int>();
        RemoteSignal<int> import = Live("a", received, new ImportOptions { Overflow = RemoteOverflow.Latest });
        for (int i = 0; i < 1000; i++)
        {
            signal.Emit(i);
        }

        Pair.Until(() => received.Count > 0 && received[^1] == 999);
        Assert.That(import.Granted!.Overflow, Is.EqualTo(RemoteOverflow.Latest));
        Assert.That(received, Has.Count.LessThan(10));
    }

    [Test]
    public void X6_a_slot_that_throws_has_taken_the_value()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal);
        var received = new List<int>();
        RemoteSignal<int> import = Importer.Import<int>("a", new ImportOptions { Capacity = 4 });
        import.Connect(value =>
        {
            received.Add(value);
            throw new InvalidTimeZoneException();
        });
        Pair.UntilLive(import);
        int thrown = 0;
        for (int i = 0; i < 20; i++)
        {
            signal.Emit(i);
            int expected = i + 1;
            Bounded.Until(
                () =>
                {
                    try
                    {
                        Pair.Evaluator.EvaluateDeferredConnections();
                    }
                    catch (InvalidTimeZoneException)
                    {
                        thrown++;
                    }

                    return received.Count == expected;
                },
                "the value"
            );
        }

        Assert.That(thrown, Is.EqualTo(20));
    }
}
