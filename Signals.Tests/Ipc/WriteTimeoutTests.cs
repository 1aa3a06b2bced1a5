using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Transport;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>H7: which peers the write timeout disconnects.</summary>
public sealed class WriteTimeoutTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    [Test]
    public void H7_a_peer_that_accepts_no_data_is_disconnected()
    {
        (FakeTime time, Owner owner) = StartSending(new StuckTransport { HasRoom = false });
        time.Advance(Timeout);
        Assert.That(owner.Ended?.Cause, Is.EqualTo(DisconnectCause.WriteTimeout));
    }

    [Test]
    public void H7_a_peer_is_not_disconnected_because_this_process_has_no_thread_that_continues_the_send()
    {
        var transport = new StuckTransport { HasRoom = true };
        (FakeTime time, Owner owner) = StartSending(transport);
        time.Advance(10 * Timeout);
        Assert.That(owner.Ended, Is.Null);
        transport.HasRoom = false;
        time.Advance(Timeout);
        Assert.That(owner.Ended?.Cause, Is.EqualTo(DisconnectCause.WriteTimeout));
    }

    private static (FakeTime Time, Owner Owner) StartSending(StuckTransport transport)
    {
        var time = new FakeTime();
        var owner = new Owner();
        var sender = new FrameSender(owner, new IpcConnectionSettings { WriteTimeout = Timeout, TimeProvider = time });
        sender.Start(transport);
        sender.Send(new MessageFrame(new IPCFrame { RequestId = 1 }), SendTiming.Now);
        Assert.That(time.Due, Has.Length.EqualTo(1), "The send waits.");
        return (time, owner);
    }

    private sealed class Owner : IFrameSenderOwner
    {
        internal DisconnectReason? Ended { get; private set; }

        public bool AcceptsLimited(int heldBack) => true;

        public void OnSent() { }

        public void OnSendingEnded(DisconnectReason reason) => Ended ??= reason;
    }

    /// <summary>A transport whose sends remain pending.</summary>
    private sealed class StuckTransport : IpcTransport
    {
        private readonly TaskCompletionSource<int> _sending = new();

        internal bool HasRoom { get; set; }

        internal override bool AcceptsClaimedIdentity => false;

        internal override int Available => 0;

        internal override bool CanWatchHangup => false;

        internal override bool HasSendRoom => HasRoom;

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => new(_sending.Task);

        public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => new(_sending.Task);

        internal override long MarkSendProgress() => 0;

        internal override IDisposable? WatchHangup(Action<bool> onHangup) => null;

        public override void Dispose() { }
    }
}
