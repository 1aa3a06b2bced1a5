using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Memory;

namespace Signals.Tests.Ipc;

/// <summary>A pair of transports in memory by itself.</summary>
internal sealed class MemoryTransportTests
{
    private const int Capacity = 7;

    private MemoryTransport _client = null!;
    private MemoryTransport _host = null!;

    [SetUp]
    public void CreatePair() => (_client, _host) = MemoryTransport.CreatePair(Capacity);

    [TearDown]
    public void DisposePair()
    {
        _client.Dispose();
        _host.Dispose();
    }

    [Test]
    public async Task F1_bytes_arrive_in_order_in_any_sizes_and_in_both_directions()
    {
        const int Count = 20_000;
        await Task.WhenAll(SendAsync(_client, 1), SendAsync(_host, 2), ReceiveAsync(_host, 1), ReceiveAsync(_client, 2)).Within("the bytes");

        static async Task SendAsync(MemoryTransport transport, int seed)
        {
            var random = new Random(seed);
            for (int sent = 0; sent < Count; )
            {
                int size = Math.Min(random.Next(1, 12), Count - sent);
                byte[] bytes = [.. Enumerable.Range(sent, size).Select(i => (byte)(i * seed))];
                sent += await transport.SendAsync(bytes);
            }
        }

        static async Task ReceiveAsync(MemoryTransport transport, int seed)
        {
            var random = new Random(seed + 10);
            byte[] buffer = new byte[12];
            for (int received = 0; received < Count; )
            {
                int count = await transport.ReceiveAsync(buffer.AsMemory(0, random.Next(1, buffer.Length + 1)));
                Assert.That(buffer.Take(count), Is.EqualTo(Enumerable.Range(received, count).Select(i => (byte)(i * seed))));
                received += count;
            }
        }
    }

    [Test]
    public async Task C11_sender_is_told_how_much_was_accepted_and_waits_when_nothing_is()
    {
        Assert.That(await _client.SendAsync(new byte[Capacity + 3]), Is.EqualTo(Capacity));
        Assert.That(_host.Available, Is.EqualTo(Capacity));
        ValueTask<int> waiting = _client.SendAsync(new byte[3]);
        Assert.That(waiting.IsCompleted, Is.False);
        long mark = _client.MarkSendProgress();
        Assert.That(await _host.ReceiveAsync(new byte[2]), Is.EqualTo(2));
        Assert.That(_client.MarkSendProgress(), Is.Not.EqualTo(mark));
        Assert.That(await waiting.Within("room"), Is.EqualTo(2));
    }

    [Test]
    public async Task K2_peer_receives_what_was_sent_before_the_end_and_cannot_send()
    {
        await _client.SendAsync(new byte[] { 1, 2 });
        _client.Dispose();
        Assert.That(await _host.ReceiveAsync(new byte[10]), Is.EqualTo(2));
        Assert.That(await _host.ReceiveAsync(new byte[10]), Is.Zero);
        await AssertEndsAsync(_host, () => _host.SendAsync(new byte[1]), DisconnectCause.ClosedByPeer);
        await AssertEndsAsync(_client, () => _client.ReceiveAsync(new byte[1]), DisconnectCause.ClosedLocally);
        await AssertEndsAsync(_client, () => _client.SendAsync(new byte[1]), DisconnectCause.ClosedLocally);
        Assert.That(() => _client.Available, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(_host.Explain(new InvalidOperationException()), Is.Null);
    }

    [Test]
    public async Task K2_disposal_ends_what_waits_on_both_sides()
    {
        Task<int> receiving = _client.ReceiveAsync(new byte[1]).AsTask();
        Task<int> peerReceiving = _host.ReceiveAsync(new byte[1]).AsTask();
        _client.Dispose();
        Assert.That(await peerReceiving.Within("the end"), Is.Zero);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.Within("the failure"));

        (MemoryTransport client, MemoryTransport host) = MemoryTransport.CreatePair(1);
        await client.SendAsync(new byte[1]);
        Task<int> sending = client.SendAsync(new byte[1]).AsTask();
        host.Dispose();
        await Assert.ThrowsAsync<IOException>(() => sending.Within("the failure"));
    }

    [Test]
    public async Task C5_hangup_is_told_once_while_it_is_watched([Values] bool before)
    {
        var told = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        if (before)
        {
            _host.Dispose();
        }

        using IDisposable? watch = _client.WatchHangup(isBroken =>
        {
            Interlocked.Increment(ref calls);
            told.TrySetResult(isBroken);
        });
        _host.Dispose();
        Assert.That(await told.Task.Within("the hang-up"), Is.False);
        _host.Dispose();
        Assert.That(Volatile.Read(ref calls), Is.EqualTo(1));
    }

    [Test]
    public void C5_hangup_is_not_told_after_the_watching()
    {
        int calls = 0;
        _client.WatchHangup(_ => calls++)!.Dispose();
        _host.Dispose();
        Assert.That(calls, Is.Zero);
        _client.Dispose();
        Assert.That(() => _client.WatchHangup(_ => { }), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task K3_client_that_connects_before_the_host_accepts_waits_and_ends_with_the_listener()
    {
        var endpoint = IpcEndpoint.InMemory(nameof(MemoryTransportTests));
        MemoryListener listener = MemoryListener.Listen(endpoint);
        SignalProbe<IpcTransport> accepted = Probe.Of(listener.Accepted);
        using MemoryTransport early = MemoryListener.TryConnect(endpoint)!;
        Assert.That(accepted.WaitingCount, Is.Zero);
        listener.Start();
        using IpcTransport first = await accepted.NextAsync("the first client");
        using MemoryTransport late = MemoryListener.TryConnect(endpoint)!;
        using IpcTransport second = await accepted.NextAsync("the second client");
        await late.SendAsync(new byte[1]);
        Assert.That((first.Available, second.Available), Is.EqualTo((0, 1)));
        listener.Dispose();
        Assert.That(MemoryListener.TryConnect(endpoint), Is.Null);

        MemoryListener next = MemoryListener.Listen(endpoint);
        using MemoryTransport waiting = MemoryListener.TryConnect(endpoint)!;
        next.Dispose();
        listener.Dispose();
        Assert.That(await waiting.ReceiveAsync(new byte[1]).Within("the end"), Is.Zero);
    }

    private static async Task AssertEndsAsync(IpcTransport transport, Func<ValueTask<int>> operation, DisconnectCause cause)
    {
        Exception? exception = await Assert.CatchAsync(async () => await operation());
        Assert.That(transport.Explain(exception!)?.Cause, Is.EqualTo(cause));
    }
}
