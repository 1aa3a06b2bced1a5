using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Client;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

/// <summary>C11: streams that arrive faster than they are read.</summary>
public sealed class SlowStreamTests : ClientFixture
{
    /// <summary>Two of the replies below, including the overhead of each, fill the buffer.</summary>
    private const int Limit84 = 84;

    private IpcClient _client = null!;
    private GreeterProxy _proxy = null!;
    private CancellationTokenSource _cancellation = null!;

    private ClientConnection Connection => _proxy.RequireBinding().Connection;

    [TearDown]
    public async Task DisposeClient()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _proxy?.Dispose();
    }

    [Test]
    public async Task C11_stream_that_is_read_slowly_loses_no_reply()
    {
        const int Count = 2000;
        await Begin();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        Task sending = Host.SendAsync([
            .. Enumerable.Range(0, Count).Select(i => ScriptedHost.Reply(requestId, $"{i:D8}", hasMore: true)),
            ScriptedHost.Reply(requestId, null),
        ]);
        for (int i = 0; i < Count; i++)
        {
            Assert.That(await stream.MoveNextAsync().Within("a reply"), Is.True);
            Assert.That(stream.Current.Message, Is.EqualTo($"{i:D8}"));
        }

        Assert.That(await stream.MoveNextAsync().Within("the end"), Is.False);
        await sending;
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C11_peer_of_an_unread_stream_is_not_read()
    {
        await Begin();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        byte[] reply = ScriptedHost.Encode(ScriptedHost.Reply(requestId, new string('x', 100_000), hasMore: true));
        Host.Client.Blocking = false;
        int sent = 0;
        Assert.That(
            () =>
            {
                // More than the sockets of both sides and the client's buffers hold.
                while (sent < 64 * 1024 * 1024)
                {
                    if (Host.Client.Poll(TimeSpan.FromSeconds(1), System.Net.Sockets.SelectMode.SelectWrite))
                    {
                        sent += Host.Client.Send(reply.AsSpan(sent % reply.Length));
                    }
                    else
                    {
                        throw new TimeoutException();
                    }
                }
            },
            Throws.TypeOf<TimeoutException>()
        );
        Host.Client.Blocking = true;
        Assert.That(await stream.MoveNextAsync().Within("a reply"), Is.True);
    }

    [TestCaseSource(nameof(Ends))]
    public async Task C11_reading_resumes_when_a_full_stream_ends(string how, Func<SlowStreamTests, IAsyncEnumerator<GreeterReplyMsg>, Task> end)
    {
        await Begin();
        using var cancellation = new CancellationTokenSource();
        _cancellation = cancellation;
        IAsyncEnumerator<GreeterReplyMsg> first = _proxy.WatchGreetings("a", cancellation.Token).GetAsyncEnumerator();
        await using IAsyncEnumerator<GreeterReplyMsg> second = _proxy.WatchGreetings("b").GetAsyncEnumerator();
        IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];

        // Each fills its stream by itself.
        string large = new('x', 2 * Limit84);
        await Host.SendAsync([.. requests.Select(request => ScriptedHost.Reply(request.RequestId, large, hasMore: true))]);
        await Bounded.UntilAsync(() => Connection.IsReadingPaused, "the pause");
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("behind");
        await ReplyAsync("behind");
        await end(this, first);
        Assert.That(await second.MoveNextAsync().Within($"a reply after {how}"), Is.True);
        Assert.That((await call.Within($"the reply after {how}")).Message, Is.EqualTo("behind"));
        await RoundTripAsync(_proxy);
    }

    private static IEnumerable<TestCaseData> Ends
    {
        get
        {
            yield return Case("reading", async (_, stream) => await ReadAsync(stream, 1));
            yield return Case("disposal", async (_, stream) => await stream.DisposeAsync());
            yield return Case("cancellation", async (test, _) => await test._cancellation.CancelAsync());

            static TestCaseData Case(string how, Func<SlowStreamTests, IAsyncEnumerator<GreeterReplyMsg>, Task> end) =>
                new TestCaseData(how, end).SetArgDisplayNames(how);
        }
    }

    [Test]
    public async Task C11_reading_pauses_for_each_stream_that_is_full()
    {
        await Begin();
        string large = new('x', 2 * Limit84);
        await using IAsyncEnumerator<GreeterReplyMsg> first = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        await using IAsyncEnumerator<GreeterReplyMsg> second = _proxy.WatchGreetings("b").GetAsyncEnumerator();
        IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
        for (int i = 0; i < 5; i++)
        {
            // The second one's reply comes when the first one is not full any more.
            await Host.SendAsync([.. requests.Select(request => ScriptedHost.Reply(request.RequestId, large, hasMore: true))]);
            await ReadAsync(first, 1);
            await Bounded.UntilAsync(() => Connection.IsReadingPaused, "the pause for the second");
            await ReadAsync(second, 1);
            await RoundTripAsync(_proxy);
            Assert.That(Connection.IsReadingPaused, Is.False);
        }
    }

    [Test]
    public async Task C7_disposing_a_proxy_whose_stream_is_full_resumes_reading()
    {
        await Begin();
        IAsyncEnumerator<GreeterReplyMsg> stream = await FillAsync();
        using var other = new OtherProxy();
        Task binding = _client.BindAsync(other);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(ScriptedHost.BindReply(request.RequestId, serviceId: 99));
        _proxy.Dispose();
        await binding.Within("binding");
        await ReadAsync(stream, 2);
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => stream.MoveNextAsync().Within("the failure"));
    }

    [Test]
    public async Task C7_disposing_a_client_whose_stream_is_full_ends_its_connection()
    {
        await Begin();
        IAsyncEnumerator<GreeterReplyMsg> stream = await FillAsync();
        await _client.DisposeAsync().Within("disposal");
        await ReadAsync(stream, 2);
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => stream.MoveNextAsync().Within("the failure"));
        Assert.That(() => Host.ReadFrameAsync(), Throws.InstanceOf<EndOfStreamException>().Or.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [Test]
    public async Task C10_call_behind_a_full_stream_times_out()
    {
        var time = new FakeTime();
        await Begin(
            new IpcClientOptions
            {
                MaxBufferedStreamBytes = Limit84,
                CallTimeout = TimeSpan.FromSeconds(5),
                TimeProvider = time,
            }
        );
        IAsyncEnumerator<GreeterReplyMsg> stream = await FillAsync();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("behind");
        await ReplyAsync("behind");
        time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        await ReadAsync(stream, 3);
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C5_replies_sent_before_the_host_closed_are_kept_when_a_stream_is_full([Values] bool onlyItsHalf)
    {
        await Begin();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(_client.Disconnected);
        IAsyncEnumerator<GreeterReplyMsg> stream = await FillAsync(20);
        if (onlyItsHalf)
        {
            Host.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        }
        else
        {
            Host.HangUp();
        }

        await ReadAsync(stream, 20);
        Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => stream.MoveNextAsync().Within("the failure"));
    }

    [Test]
    public async Task C10_last_reply_of_a_stream_does_not_pause_reading()
    {
        await Begin();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, new string('x', 1000)));
        await RoundTripAsync(_proxy);
        await ReadAsync(stream, 1);
        Assert.That(await stream.MoveNextAsync().Within("the end"), Is.False);
    }

    private static IEnumerable<IPCFrame> Replies(ulong requestId, int count) =>
        Enumerable.Repeat(ScriptedHost.Reply(requestId, "12345678", hasMore: true), count);

    private static async Task ReadAsync(IAsyncEnumerator<GreeterReplyMsg> stream, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.That(await stream.MoveNextAsync().Within("a reply"), Is.True);
        }
    }

    /// <summary>Starts a stream whose replies fill its buffer, so that reading is paused.</summary>
    private async Task<IAsyncEnumerator<GreeterReplyMsg>> FillAsync(int count = 3)
    {
        IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync([.. Replies(requestId, count)]);
        await Bounded.UntilAsync(() => Connection.IsReadingPaused, "the pause");
        return stream;
    }

    private async Task Begin(IpcClientOptions? options = null) =>
        (_client, _proxy) = await BindAsync(options ?? new IpcClientOptions { MaxBufferedStreamBytes = Limit84 });
}
