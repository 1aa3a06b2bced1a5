using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <content>Replay, states, options, types, rights, setting and lifetime.</content>
internal abstract partial class RemoteSignalFixture
{
    [Test]
    public void X7_the_last_emissions_are_replayed()
    {
        if (LacksReplay())
        {
            return;
        }

        using var signal = new Signal<int>();
        Exporter.Export("a", signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = 3 });
        for (int i = 0; i < 5; i++)
        {
            signal.Emit(i);
        }

        var received = new List<int>();
        RemoteSignal<int> import = Live("a", received);
        signal.Emit(5);
        Pair.Until(() => received.Count == 4);
        Assert.That(received, Is.EqualTo([2, 3, 4, 5]));
        Assert.That(import.Granted, Is.EqualTo(new RemoteGrant(RemoteOverflow.DropOldest, 1024, RemoteReplay.Last, 3)));
    }

    [Test]
    public void X7_registration_and_replay_are_one_step()
    {
        if (LacksReplay())
        {
            return;
        }

        for (int round = 0; round < 200; round++)
        {
            const int count = 50;
            using var signal = new Signal<int>();
            using ExportedSignal export = Exporter.Export($"a{round}", signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = count });
            var received = new List<int>();
            using RemoteSignal<int> import = Importer.Import<int>($"a{round}");
            Worker.RunAll(
                () =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        signal.Emit(i);
                    }
                },
                () => import.Connect(received.Add)
            );
            Pair.Until(() => received.Count >= count, "all emissions, replayed or not");
            Assert.That(received, Is.EqualTo(Enumerable.Range(0, count)));
        }
    }

    [Test]
    public void X7_a_property_replays_its_current_value()
    {
        var property = new Property<string>("one");
        Exporter.Export("p", property);
        var received = new List<string>();
        RemoteProperty<string> import = Importer.ImportProperty<string>("p");
        Assert.That(import.HasValue, Is.False);
        import.Connect(received.Add);
        Pair.Until(() => import.HasValue);
        property.Value = "two";
        Pair.Until(() => import.Value == "two");
        Assert.That(received, Is.EqualTo(["one", "two"]));
        var joined = new List<string>();
        RemoteProperty<string> other = Importer.ImportProperty<string>("p");
        other.Connect(joined.Add);
        Pair.Until(() => other.HasValue);
        Assert.That(joined, Is.EqualTo(["two"]));
    }

    [Test]
    public void X8_a_property_has_its_value_in_the_slot_of_the_first_one()
    {
        Exporter.Export("p", new Property<int>(3));
        var seen = new List<(bool, int, int)>();
        RemoteProperty<int> import = Importer.ImportProperty<int>("p");
        import.Connect(value => seen.Add((import.HasValue, import.Value, value)));
        Pair.Until(() => seen.Count > 0);
        Assert.That(seen, Is.EqualTo(new[] { (true, 3, 3) }));
    }

    [Test]
    public void X7_a_property_that_is_set_while_it_is_subscribed_ends_with_the_last_value()
    {
        for (int round = 0; round < 100; round++)
        {
            var property = new Property<int>(0);
            using ExportedProperty<int> export = Exporter.Export($"p{round}", property);
            var received = new List<int>();
            using RemoteProperty<int> import = Importer.ImportProperty<int>($"p{round}");
            Worker.RunAll(
                () =>
                {
                    for (int i = 1; i <= 20; i++)
                    {
                        property.Value = i;
                    }
                },
                () => import.Connect(received.Add)
            );
            Pair.Until(() => import.HasValue && import.Value == 20, "the last value");
            Assert.That(received, Is.Ordered.And.Unique);
        }
    }

    [Test]
    public async Task X8_waiting_until_live_holds_the_subscription()
    {
        var property = new Property<int>(3);
        RemoteProperty<int> import = Importer.ImportProperty<int>("p");
        Task live = import.WaitUntilLiveAsync();
        Assert.That(import.State, Is.EqualTo(RemoteState.Waiting));
        Exporter.Export("p", property);
        Pair.Until(() => live.IsCompleted);
        await live;
        Assert.That(import.Value, Is.EqualTo(3));
        Pair.Until(() => import.State == RemoteState.Idle);
    }

    [Test]
    public void X8_waiting_until_live_ends_when_refused_or_ended()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal);
        RemoteSignal<string> refused = Importer.Import<string>("a");
        Task wait = refused.WaitUntilLiveAsync();
        Pair.Until(() => wait.IsCompleted);
        Assert.That(async () => await wait, Throws.InstanceOf<RemoteRefusedException>().With.Message.Contain("int32"));
        RemoteSignal<int> ended = Importer.Import<int>("b");
        Task other = ended.WaitUntilLiveAsync();
        ended.Dispose();
        Assert.That(async () => await other.Within("the end"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(ended.State, Is.EqualTo(RemoteState.Ended));
    }

    [Test]
    public void X8_a_refused_import_tells_why_and_is_live_when_the_name_has_its_type()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        RemoteSignal<long> import = Importer.Import<long>("a");
        import.Connect(static _ => { });
        Pair.Until(() => import.State == RemoteState.Refused);
        Assert.That(import.StateReason, Is.EqualTo("the type is int32, not int64"));
        export.Dispose();
        using var other = new Signal<long>();
        Exporter.Export("a", other);
        Pair.UntilLive(import);
        Assert.That(import.StateReason, Is.Null);
    }

    [Test]
    public void X8_a_signal_is_not_a_property()
    {
        using var signal = new Signal<int>();
        Exporter.Export("a", signal);
        RemoteProperty<int> import = Importer.ImportProperty<int>("a");
        import.Connect(static _ => { });
        Pair.Until(() => import.State == RemoteState.Refused);
        Assert.That(import.StateReason, Does.Contain("not a property"));
    }

    [Test]
    public void X4_another_export_of_the_name_is_told_with_an_unknown_number()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        var gaps = new List<Missed>();
        var received = new List<int>();
        RemoteSignal<int> import = Importer.Import<int>("a");
        import.Missed.Connect(gaps.Add);
        import.Connect(received.Add);
        Pair.UntilLive(import);
        export.Dispose();
        Pair.Until(() => import.State == RemoteState.Waiting);
        Exporter.Export("a", signal);
        Pair.UntilLive(import);
        signal.Emit(1);
        Pair.Until(() => received.Count == 1);
        Assert.That(gaps, Is.EqualTo([new Missed(null, MissedCause.Restarted)]));
    }

    [Test]
    public void X9_capacity_and_replay_are_limited_to_what_the_exporter_gives()
    {
        if (LacksReplay())
        {
            return;
        }

        using var signal = new Signal<int>();
        Exporter.Export(
            "a",
            signal,
            new ExportOptions
            {
                Capacity = 10,
                Replay = RemoteReplay.Last,
                ReplayCount = 5,
            }
        );
        RemoteSignal<int> more = Live(
            "a",
            [],
            new ImportOptions
            {
                Capacity = 100,
                Replay = RemoteReplay.Last,
                ReplayCount = 50,
                Overflow = RemoteOverflow.Disconnect,
            }
        );
        RemoteSignal<int> less = Live("a", [], new ImportOptions { Capacity = 3, Replay = RemoteReplay.None });
        Assert.Multiple(() =>
        {
            Assert.That(more.Granted, Is.EqualTo(new RemoteGrant(RemoteOverflow.Disconnect, 10, RemoteReplay.Last, 5)));
            Assert.That(less.Granted, Is.EqualTo(new RemoteGrant(RemoteOverflow.DropOldest, 3, RemoteReplay.None, 0)));
        });
    }

    [Test]
    public void X10_a_type_without_a_codec_is_not_supported()
    {
        Assert.That(() => Exporter.Export("a", new Signal<decimal>()), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => Importer.Import<decimal>("a"), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => Importer.ImportProperty<object>("a"), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void X10_signals_of_all_arities_arrive()
    {
        using var none = new Signal();
        using var two = new Signal<int, string?>();
        using var three = new Signal<bool, double, Guid>();
        using var four = new Signal<long, ulong, TimeSpan, byte[]?>();
        Exporter.Export("0", none);
        Exporter.Export("2", two);
        Exporter.Export("3", three);
        Exporter.Export("4", four);
        var log = new List<object>();
        RemoteSignal a = Importer.Import("0");
        RemoteSignal<int, string?> b = Importer.Import<int, string?>("2");
        RemoteSignal<bool, double, Guid> c = Importer.Import<bool, double, Guid>("3");
        RemoteSignal<long, ulong, TimeSpan, byte[]?> d = Importer.Import<long, ulong, TimeSpan, byte[]?>("4");
        a.Connect(() => log.Add("none"));
        b.Connect((x, y) => log.Add((x, y)));
        c.Connect((x, y, z) => log.Add((x, y, z)));
        d.Connect((w, x, y, z) => log.Add((w, x, y, z is null)));
        Pair.UntilLive(a, b, c, d);
        var guid = Guid.NewGuid();
        none.Emit();
        two.Emit(1, null);
        three.Emit(true, double.NaN, guid);
        four.Emit(-1, ulong.MaxValue, TimeSpan.MinValue, null);
        Pair.Until(() => log.Count == 4);
        Assert.That(
            log,
            Is.EqualTo(new object[] { "none", (1, (string?)null), (true, double.NaN, guid), (-1L, ulong.MaxValue, TimeSpan.MinValue, true) })
        );
    }

    [Test]
    public void X10_null_arrives_as_null()
    {
        using var signal = new Signal<string?>();
        Exporter.Export("a", signal);
        var received = new List<string?>();
        RemoteSignal<string?> import = Importer.Import<string?>("a");
        import.Connect(received.Add);
        Pair.UntilLive(import);
        signal.Emit(null);
        signal.Emit("");
        Pair.Until(() => received.Count == 2);
        Assert.That(received, Is.EqualTo([null, ""]));
    }

    [Test]
    public void X10_one_encoding_can_have_two_types()
    {
        using var signal = new Signal<byte[]>();
        Exporter.Export("a", signal);
        var received = new List<byte[]>();
        RemoteSignal<ReadOnlyMemory<byte>> import = Importer.Import<ReadOnlyMemory<byte>>("a");
        import.Connect(value => received.Add(value.ToArray()));
        Pair.UntilLive(import);
        signal.Emit([1, 2, 3]);
        Pair.Until(() => received.Count == 1);
        Assert.That(received[0], Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public void X11_what_is_not_authorized_is_refused()
    {
        if (LacksAuthorize())
        {
            return;
        }

        bool isAllowed = false;
        using var signal = new Signal<int>();
        Exporter.Export("a", signal, new ExportOptions { Authorize = _ => isAllowed });
        RemoteSignal<int> import = Importer.Import<int>("a");
        import.Connect(static _ => { });
        Pair.Until(() => import.State == RemoteState.Refused);
        Assert.That(import.StateReason, Is.EqualTo("not allowed"));
        import.Dispose();
        isAllowed = true;
        Live("a", []);
    }

    [Test]
    public void X11_an_authorization_that_throws_is_a_refusal()
    {
        if (LacksAuthorize())
        {
            return;
        }

        using var signal = new Signal<int>();
        var failures = new List<Exception>();
        ExportedSignal export = Exporter.Export("a", signal, new ExportOptions { Authorize = static _ => throw new InvalidTimeZoneException() });
        export.Failed.Connect(failure =>
        {
            lock (failures)
            {
                failures.Add(failure);
            }
        });
        RemoteSignal<int> import = Importer.Import<int>("a");
        import.Connect(static _ => { });
        Pair.Until(() => import.State == RemoteState.Refused);
        Pair.Until(() => failures.Count == 1);
        Assert.That(failures[0], Is.InstanceOf<InvalidTimeZoneException>());
    }

    [Test]
    public void X12_a_property_is_set_by_its_exporter()
    {
        var property = new Property<int>(1);
        ExportedProperty<int> export = Exporter.Export("p", property);
        export.SetRequested = static (_, value) => ValueTask.FromResult(Math.Min(value, 10));
        var received = new List<int>();
        RemoteProperty<int> import = Importer.ImportProperty<int>("p");
        import.Connect(received.Add);
        Task<int> set = import.RequestSetAsync(99);
        Pair.Until(() => set.IsCompleted, "the reply");
        Assert.That(set.Result, Is.EqualTo(10));
        Assert.That(property.Value, Is.EqualTo(10));
        Pair.Until(() => import.Value == 10);
        Assert.That(received, Is.EqualTo([1, 10]));
    }

    [Test]
    public void X12_requests_are_refused_without_a_function_and_with_its_exception()
    {
        var property = new Property<int>(1);
        ExportedProperty<int> export = Exporter.Export("p", property);
        RemoteProperty<int> import = Importer.ImportProperty<int>("p");

        // A relay would withdraw its own export between the requests.
        using IDisposable live = import.KeepLive();
        Task<int> set = import.RequestSetAsync(2);
        Pair.Until(() => set.IsCompleted, "the reply");
        Assert.That(async () => await set, Throws.InstanceOf<RemoteRefusedException>().With.Message.Contain("cannot be set"));
        export.SetRequested = static (_, _) => throw new ArgumentException("over the limit");
        set = import.RequestSetAsync(2);
        Pair.Until(() => set.IsCompleted, "the reply");
        Assert.That(async () => await set, Throws.InstanceOf<RemoteRefusedException>().With.Message.Contain("over the limit"));
        Assert.That(property.Value, Is.EqualTo(1));
    }

    [Test]
    public void X12_requests_are_handled_one_after_another()
    {
        var property = new Property<int>(0);
        ExportedProperty<int> export = Exporter.Export("p", property);
        int running = 0;
        int most = 0;
        export.SetRequested = async (_, value) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return value;
        };
        RemoteProperty<int> import = Importer.ImportProperty<int>("p");
        import.Connect(static _ => { });
        Task<int>[] sets = [.. Enumerable.Range(1, 20).Select(value => import.RequestSetAsync(value))];
        Pair.Until(() => sets.All(set => set.IsCompleted), "the replies");
        Assert.That(most, Is.EqualTo(1));
        Assert.That(sets.Select(set => set.Result), Is.EqualTo(Enumerable.Range(1, 20)));
    }

    [Test]
    public void X15_disposing_an_import_ends_its_connections()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        RemoteSignal<int> import = Importer.Import<int>("a");
        ConnectionHandle handle = import.Connect(static _ => { });
        Pair.UntilLive(import);
        import.Dispose();
        import.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(handle.IsActive, Is.False);
            Assert.That(import.State, Is.EqualTo(RemoteState.Ended));
            Assert.That(() => import.Connect(static _ => { }), Throws.InstanceOf<ObjectDisposedException>());
        });
        Pair.Until(() => export.SubscriberCount == 0);
    }

    [Test]
    public void X15_an_import_that_is_not_connected_can_be_collected()
    {
        WeakReference[] imports = [.. Enumerable.Range(0, 10).Select(_ => new WeakReference(Connected(disconnects: true)))];
        Pair.Until(() => Importer.Imports.SubscriptionCount == 0);
        Garbage.Collect();
        Assert.That(imports.Count(import => import.IsAlive), Is.LessThanOrEqualTo(1));
        WeakReference held = Held();
        Garbage.Collect();
        Assert.That(held.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        RemoteSignal<int> Connected(bool disconnects)
        {
            RemoteSignal<int> import = Importer.Import<int>("a");
            ConnectionHandle handle = import.Connect(static _ => { });
            Pair.Evaluator.EvaluateDeferredConnections();
            if (disconnects)
            {
                handle.Disconnect();
            }

            Pair.Evaluator.EvaluateDeferredConnections();
            return import;
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference Held() => new(Connected(disconnects: false));
    }

    [Test]
    public void X15_disposing_the_evaluator_of_an_import_ends_it()
    {
        using var signal = new Signal<int>();
        ExportedSignal export = Exporter.Export("a", signal);
        var evaluator = new ConnectionEvaluator();
        RemoteSignal<int> import = Importer.Import<int>("a", new ImportOptions { Evaluator = evaluator });
        import.Connect(static _ => { });
        Pair.UntilLive(import);
        evaluator.Dispose();
        Assert.That(import.State, Is.EqualTo(RemoteState.Ended));
        Pair.Until(() => export.SubscriberCount == 0);
        Assert.That(() => Importer.Import<int>("a", new ImportOptions { Evaluator = evaluator }), Throws.InstanceOf<ObjectDisposedException>());
    }

    /// <summary>Codec that counts.</summary>
    private sealed class CountingCodec : ISignalCodec<int>
    {
        internal int Encodings { get; private set; }

        public string TypeName => "int32";

        public void Encode(int value, System.Buffers.IBufferWriter<byte> output)
        {
            Encodings++;
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
            output.Advance(sizeof(int));
        }

        public int Decode(ReadOnlySpan<byte> input) => System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(input);
    }
}
