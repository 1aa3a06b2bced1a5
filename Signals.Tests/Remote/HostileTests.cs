using System.Buffers;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Messages and batches that no well-behaved peer sends.</summary>
public sealed class HostileTests
{
    [Test]
    public async Task X14_malformed_messages_are_ignored()
    {
        await using var pair = new BytesPair();
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        var random = new Random(1);
        byte[] garbage = new byte[64];
        for (int i = 0; i < 5000; i++)
        {
            random.NextBytes(garbage);
            pair.Outlet.Handle((RemoteOperation)random.Next(0, 9), garbage.AsSpan(0, random.Next(garbage.Length)));
        }

        var received = new List<int>();
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(received.Add);
        pair.UntilLive(import);
        signal.Emit(1);
        pair.Until(() => received.Count == 1);
    }

    [Test]
    public async Task X14_a_malformed_batch_is_reported()
    {
        await using var pair = new BytesPair();
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(static _ => { });
        var random = new Random(2);
        byte[] garbage = new byte[40];
        int refused = 0;
        for (int i = 0; i < 5000; i++)
        {
            random.NextBytes(garbage);
            refused += pair.Imports.Receive(pair.CurrentLink, 1, garbage.AsSpan(0, random.Next(1, garbage.Length))) ? 0 : 1;
            pair.Evaluator.EvaluateDeferredConnections();
        }

        Assert.That(refused, Is.GreaterThan(1000));
    }

    [Test]
    public async Task X11_credits_are_limited_to_what_was_sent()
    {
        await using var pair = new BytesPair();
        using var signal = new Signal<int>();
        ExportedSignal export = pair.Exporter.Export("a", signal);
        RemoteSignal<int> import = pair.Importer.Import<int>("a", new ImportOptions { Capacity = 4 });
        import.Connect(static _ => { });
        pair.UntilLive(import);
        pair.Outlet.Handle(RemoteOperation.Credit, Message((1, 1UL), (2, ulong.MaxValue)));
        for (int i = 0; i < 100; i++)
        {
            signal.Emit(i);
        }

        Assert.That(export.DroppedCount, Is.EqualTo(96));
    }

    [Test]
    public async Task X11_names_are_checked_before_they_are_kept()
    {
        await using var pair = new BytesPair();
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(static _ => { });
        string[] names = ["", "a b", new string('x', 256)];
        foreach (string name in names)
        {
            byte[] request = Message((1, 1UL), (2, 1000UL), (3, name), (4, "int32"));
            Assert.That(pair.Outlet.Handle(RemoteOperation.Subscribe, request), Is.False);
        }
    }

    [Test]
    public async Task X14_values_that_are_too_large_are_counted()
    {
        await using var pair = new BytesPair(new RemoteOutletOptions { MaxValueBytes = 10 });
        using var signal = new Signal<byte[]>();
        pair.Exporter.Export("a", signal);
        var log = new List<string>();
        RemoteSignal<byte[]> import = pair.Importer.Import<byte[]>("a");
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(value => log.Add($"{value.Length}"));
        pair.UntilLive(import);
        signal.Emit(new byte[10]);
        signal.Emit(new byte[11]);
        signal.Emit([]);
        pair.Until(() => log.Count == 3);
        Assert.That(log, Is.EqualTo(["10", "TooLarge 1", "0"]));
    }

    [Test]
    public async Task X10_a_value_that_cannot_be_encoded_or_decoded_is_told()
    {
        await using var pair = new BytesPair();
        using var signal = new Signal<string>();
        ExportedSignal export = pair.Exporter.Export("a", signal, new PickyCodec());
        var failures = new List<Exception>();
        export.Failed.Connect(failures.Add);
        var log = new List<string>();
        RemoteSignal<string> import = pair.Importer.Import("a", new PickyCodec());
        import.Missed.Connect(gap => log.Add($"{gap.Cause} {gap.Count}"));
        import.Connect(log.Add);
        pair.UntilLive(import);
        signal.Emit("one");
        signal.Emit("not encodable");
        signal.Emit("not decodable");
        signal.Emit("two");
        pair.Until(() => log.Count == 4);
        Assert.That(log, Is.EqualTo(["one", "Undecodable 1", "Undecodable 1", "two"]));
        pair.Until(() => failures.Count == 1);
    }

    [Test]
    public async Task X16_a_circle_is_refused()
    {
        await using var pair = new LocalPair();
        RemoteSignal<int> a = pair.Importer.Import<int>("a");
        RemoteSignal<int> b = pair.Importer.Import<int>("b");
        pair.Exporter.Export("b", a);
        pair.Exporter.Export("a", b);
        b.Connect(static _ => { });
        pair.Until(() => a.State == RemoteState.Refused || b.State == RemoteState.Refused);
        string? reason = a.StateReason ?? b.StateReason;
        Assert.That(reason, Does.StartWith("circle: ").And.Contain("\u2192"));
    }

    [Test]
    public async Task X16_a_value_is_dropped_after_sixteen_exchanges()
    {
        await using var pair = new LocalPair();
        using var signal = new Signal<int>();
        pair.Exporter.Export("s0", signal);
        var received = new int[20];
        RemoteSignal<int>[] imports = [.. Enumerable.Range(0, 20).Select(i => pair.Importer.Import<int>($"s{i}"))];
        var relays = new List<Signal<int>>();
        for (int i = 0; i < 20; i++)
        {
            int index = i;
            var next = new Signal<int>();
            relays.Add(next);
            imports[i]
                .Connect(value =>
                {
                    received[index]++;
                    next.Emit(value);
                });
            if (i + 1 < 20)
            {
                pair.Exporter.Export($"s{i + 1}", next);
            }
        }

        pair.UntilLive(imports);
        signal.Emit(1);
        pair.Until(() => received[16] == 1);
        for (int i = 0; i < 10; i++)
        {
            pair.Evaluator.EvaluateDeferredConnections();
        }

        Assert.That(received, Is.EqualTo([.. Enumerable.Repeat(1, 17), .. Enumerable.Repeat(0, 3)]));
        relays.ForEach(static relay => relay.Dispose());
    }

    [Test]
    public async Task X14_batches_are_split_and_nothing_is_lost()
    {
        await using var pair = new BytesPair(batchBytes: 1);
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        var received = new List<int>();
        RemoteSignal<int> import = pair.Importer.Import<int>("a");
        import.Connect(received.Add);
        pair.UntilLive(import);
        for (int i = 0; i < 400; i++)
        {
            signal.Emit(i);
        }

        pair.Until(() => received.Count == 400);
        Assert.That(received, Is.Ordered);
    }

    [Test]
    public async Task X4_a_random_program_accounts_for_every_emission()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            await using var pair = new BytesPair();
            var random = new Random(seed);
            using var signal = new Signal<int>();
            pair.Exporter.Export("a", signal, new ExportOptions { Replay = seed % 2 == 0 ? RemoteReplay.None : RemoteReplay.Last, ReplayCount = 3 });
            int expected = 0;
            string context = $"seed {seed}";
            RemoteSignal<int> import = pair.Importer.Import<int>(
                "a",
                new ImportOptions { Capacity = random.Next(1, 20), Overflow = (RemoteOverflow)(seed % 2) }
            );
            import.Missed.Connect(gap => expected += (int)gap.Count!.Value);
            import.Connect(value =>
            {
                Assert.That(value, Is.EqualTo(expected), context);
                expected++;
            });
            pair.UntilLive(import);
            int emitted = 0;
            bool isBroken = false;
            for (int step = 0; step < 400; step++)
            {
                switch (random.Next(isBroken ? 4 : 20))
                {
                    case 0 when isBroken:
                        pair.Reconnect();
                        isBroken = false;
                        break;
                    case 0:
                        pair.Break();
                        isBroken = true;
                        break;
                    case 1 or 2:
                        pair.Evaluator.EvaluateDeferredConnections();
                        break;
                    default:
                        signal.Emit(emitted++);
                        break;
                }
            }

            if (isBroken)
            {
                pair.Reconnect();
            }

            pair.UntilLive(import);
            signal.Emit(emitted++);
            pair.Until(() => expected == emitted, context);
        }
    }

    /// <summary>Encodes a protobuf message.</summary>
    private static byte[] Message(params (int Field, object Value)[] fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach ((int field, object value) in fields)
            {
                if (value is ulong number)
                {
                    output.WriteTag(field, WireFormat.WireType.Varint);
                    output.WriteUInt64(number);
                }
                else
                {
                    output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                    output.WriteString((string)value);
                }
            }
        }

        return stream.ToArray();
    }

    /// <summary>Codec that refuses some values.</summary>
    private sealed class PickyCodec : ISignalCodec<string>
    {
        public string TypeName => "picky";

        public void Encode(string value, IBufferWriter<byte> output)
        {
            if (value == "not encodable")
            {
                throw new FormatException();
            }

            output.Write(System.Text.Encoding.UTF8.GetBytes(value));
        }

        public string Decode(ReadOnlySpan<byte> input)
        {
            string value = System.Text.Encoding.UTF8.GetString(input);
            return value == "not decodable" ? throw new FormatException() : value;
        }
    }
}
