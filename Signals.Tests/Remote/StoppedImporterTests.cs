using System.Buffers.Binary;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>An importer in another process that is stopped with SIGSTOP, beside one that receives everything.</summary>
[Platform("Linux")]
[NonParallelizable]
public sealed class StoppedImporterTests
{
    private const int MiB = 1024 * 1024;

    /// <summary>The managed memory that the exporter may need: the queue of 1 MiB, and pooled buffers, of which each processor has some.</summary>
    private const long MaxMemory = 48 * MiB;

    [TestCase(RemoteOverflow.DropOldest)]
    [TestCase(RemoteOverflow.Latest)]
    [TestCase(RemoteOverflow.Disconnect)]
    public async Task X5_an_importer_that_does_not_read_its_socket_is_ended_and_told_of_the_gap(RemoteOverflow overflow)
    {
        // Larger than what the system accepts for a peer that does not read.
        const int size = 600_000;
        const int count = 200;
        await using var rig = new Rig();
        using RemotePeer peer = await rig.ImportAsync(overflow);
        rig.Emit(1, size);
        await peer.AskAsync("await 1");
        peer.Stop();
        long memory = rig.Emit(count, size);
        Bounded.Until(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(1));
                return rig.Ended is not null && rig.Export.SubscriberCount == 1;
            },
            "the end of the importer that does not read"
        );
        rig.Emit(10, size);
        peer.Continue();
        await peer.AskAsync($"await {rig.Emitted}");
        RemotePeer.Account account = await peer.AccountAsync();
        TestContext.Out.WriteLine($"{overflow}: {memory / 1024:#,0} KiB; {account}");
        Assert.Multiple(() =>
        {
            Assert.That(rig.Ended!.Cause, Is.EqualTo(DisconnectCause.WriteTimeout));
            Assert.That(memory, Is.LessThan(MaxMemory));
            Assert.That(account.Received + account.Missed, Is.EqualTo(rig.Emitted));
            Assert.That(account.Missed, Is.GreaterThanOrEqualTo(10));
            Assert.That(account.Wrong, Is.Zero);
            Assert.That(account.States, Is.EqualTo([RemoteState.Waiting, RemoteState.Live, RemoteState.Stale, RemoteState.Live]));
        });
    }

    [TestCase(RemoteOverflow.DropOldest)]
    [TestCase(RemoteOverflow.Latest)]
    public async Task X5_an_importer_that_is_stopped_for_a_while_is_told_of_what_was_dropped(RemoteOverflow overflow)
    {
        const int size = 16;
        const int count = 100_000;
        await using var rig = new Rig();
        using RemotePeer peer = await rig.ImportAsync(overflow);
        peer.Stop();
        long memory = rig.Emit(count, size);
        Assert.That(rig.Export.SubscriberCount, Is.EqualTo(2));
        peer.Continue();
        await peer.AskAsync($"await {count}");
        RemotePeer.Account account = await peer.AccountAsync();
        TestContext.Out.WriteLine($"{overflow}: {memory / 1024:#,0} KiB; {account}");
        Assert.Multiple(() =>
        {
            Assert.That(memory, Is.LessThan(MaxMemory));
            Assert.That(account.Received, Is.InRange(1, overflow == RemoteOverflow.Latest ? 10 : 2 * 1024));
            Assert.That(account.Received + account.Missed, Is.EqualTo(count));
            Assert.That(account.Missed, Is.EqualTo(rig.Export.DroppedCount));
            Assert.That(account.Wrong, Is.Zero);
            Assert.That(account.States, Is.EqualTo([RemoteState.Waiting, RemoteState.Live]));
        });
    }

    [Test]
    public async Task X5_an_importer_that_is_stopped_for_a_while_is_refused_if_it_wants_no_gaps()
    {
        const int size = 16;
        const int count = 100_000;
        await using var rig = new Rig();
        using RemotePeer peer = await rig.ImportAsync(RemoteOverflow.Disconnect);
        peer.Stop();
        long memory = rig.Emit(count, size);
        Assert.That(rig.Export.SubscriberCount, Is.EqualTo(1));
        peer.Continue();
        await peer.AskAsync($"await {count}");
        RemotePeer.Account account = await peer.AccountAsync();
        TestContext.Out.WriteLine($"Disconnect: {memory / 1024:#,0} KiB; {account}");
        Assert.Multiple(() =>
        {
            Assert.That(memory, Is.LessThan(MaxMemory));
            Assert.That(account.Received, Is.EqualTo(1024), "What was queued.");
            Assert.That((account.Missed, account.Wrong), Is.EqualTo((0, 0)));
            Assert.That(account.States, Is.EqualTo([RemoteState.Waiting, RemoteState.Live, RemoteState.Refused]));
            Assert.That(account.Reason, Is.EqualTo("too slow"));
        });
    }

    /// <summary>A host that exports blocks, and a client of this process that receives all of them.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly SocketPath _path = new();
        private readonly ConnectionEvaluator _evaluator = new();
        private readonly Signal<byte[]> _blocks = new();
        private readonly IpcHost _host;
        private readonly IpcClient _reader;
        private volatile DisconnectReason? _ended;
        private long _read;

        internal Rig()
        {
            _host = new IpcHost(new IpcHostOptions { MaxFrameSize = MiB, TimeProvider = Time });
            _host.ClientDisconnected.Connect((_, reason) => _ended = reason);
            Export = _host.Export("blocks", _blocks);
            _host.Start(_path.Endpoint);
            _reader = new IpcClient(_path.Endpoint, new IpcClientOptions { Evaluator = _evaluator, MaxFrameSize = MiB });
            _reader.Connect();
            RemoteSignal<byte[]> read = _reader.Import<byte[]>("blocks");
            read.Connect(block =>
            {
                Assert.That(BinaryPrimitives.ReadInt64LittleEndian(block), Is.EqualTo(_read));
                _read++;
            });
            Until(() => read.State == RemoteState.Live);
        }

        internal FakeTime Time { get; } = new();

        internal ExportedSignal Export { get; }

        internal DisconnectReason? Ended => _ended;

        internal long Emitted { get; private set; }

        internal async Task<RemotePeer> ImportAsync(RemoteOverflow overflow)
        {
            RemotePeer peer = await RemotePeer.StartAsync("import", _path.Text, overflow.ToString());
            await Bounded.UntilAsync(() => Export.SubscriberCount == 2, "the subscription");
            return peer;
        }

        /// <summary>Emits blocks, which the client of this process receives. Returns the increase of the managed memory.</summary>
        internal long Emit(int count, int size)
        {
            // The reader stays within its own queue.
            const int ahead = 64;
            byte[] block = new byte[size];
            long before = GC.GetTotalMemory(forceFullCollection: true);
            long most = before;
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(block, Emitted);
                _blocks.Emit(block);
                Emitted++;
                if (size > 10_000 || Emitted - _read >= ahead)
                {
                    Until(() => _read == Emitted);
                }

                if (i % Math.Max(1, count / 10) == 0)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                }
            }

            Until(() => _read == Emitted);
            return Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)) - before;
        }

        public async ValueTask DisposeAsync()
        {
            await _reader.DisposeAsync().AsTask().Within("the end of the client");
            await _host.DisposeAsync().AsTask().Within("the end of the host");
            _blocks.Dispose();
            _evaluator.Dispose();
            _path.Dispose();
        }

        private void Until(Func<bool> condition) =>
            Bounded.Until(
                () =>
                {
                    _evaluator.EvaluateDeferredConnections();
                    return condition();
                },
                "the client that reads"
            );
    }
}
