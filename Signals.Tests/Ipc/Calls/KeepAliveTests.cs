using System.Net.Sockets;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Sockets;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Peers that have vanished or hang are noticed; peers that are slow are not disconnected.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KeepAliveTests(Medium medium) : ClientFixture(medium)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly FakeTime _time = new();

    [Test]
    public async Task G9_client_loses_a_host_that_replies_to_no_ping()
    {
        (IpcClient client, GreeterProxy proxy, ulong _) = await BindAndWatchAsync(new IpcClientOptions { KeepAlive = Interval, TimeProvider = _time });
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        Assert.That(IntervalOf(await Host.ReadFrameAsync()), Is.EqualTo(10_000), "The first ping announces the interval.");
        await Host.ReadFrameAsync();
        _time.Advance(Interval);
        Assert.That(Host.Available, Is.Zero, "The host was active in the first interval.");
        _time.Advance(Interval);
        Assert.That(IntervalOf(await Host.ReadFrameAsync()), Is.EqualTo(10_000));
        Assert.That(client.PendingCalls, Is.EqualTo(1), "Pings are not pending calls.");
        _time.Advance(2 * Interval - TimeSpan.FromTicks(1));
        Assert.That(client.IsConnected, Is.True);
        _time.Advance(TimeSpan.FromTicks(1));
        DisconnectReason reason = await disconnected.NextAsync("the disconnection");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.KeepAliveTimeout));
        Assert.That(reason.Message, Does.Contain("00:00:30").And.Contain("ping"));
        IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        Assert.That(failure!.Reason, Is.EqualTo(reason));
        Assert.That(_time.Due, Is.Empty, "No further step follows.");
    }

    [Test]
    public async Task G9_client_keeps_a_host_that_replies_to_pings_or_sends_anything_else()
    {
        (IpcClient client, GreeterProxy proxy, ulong _) = await BindAndWatchAsync(new IpcClientOptions { KeepAlive = Interval, TimeProvider = _time });
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        await Host.ReadFrameAsync();
        _time.Advance(Interval);
        for (int round = 0; round < 10; round++)
        {
            _time.Advance(Interval);
            IPCFrame ping = await Host.ReadFrameAsync();
            Assert.That(IntervalOf(ping), Is.EqualTo(10_000));

            // The reply, or a part of a frame that never ends.
            byte[] sign =
                round % 2 == 0
                    ? ScriptedHost.Encode(
                        new IPCFrame
                        {
                            RequestId = ping.RequestId,
                            MsgInvokeMethodReply = new IPCFrame.Types.InvokeMethodReply { Success = true, ReplyProto = ByteString.Empty },
                        }
                    )
                    : [0, 0, 0, 0];
            await Host.SendAsync(sign);
            await RoundTripAsync(proxy);
            _time.Advance(Interval);
        }

        Assert.That(client.IsConnected, Is.True);
        Assert.That(client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task G9_client_keeps_a_silent_host_without_the_control_service()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { KeepAlive = Interval, TimeProvider = _time });
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        _time.Advance(10 * Interval);
        Assert.That(Host.Available, Is.Zero);
        await RoundTripAsync(proxy);
    }

    [Test]
    public async Task G9_client_keeps_a_slow_host_and_loses_one_that_no_longer_reads()
    {
        (IpcClient client, GreeterProxy proxy, ulong _) = await BindAndWatchAsync(
            new IpcClientOptions
            {
                KeepAlive = Interval,
                TimeProvider = _time,
                MaxUnsentBytes = 4 * 1024 * 1024,
            }
        );
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        string text = new('x', 100_000);
        for (int i = 0; i < 40; i++)
        {
            await proxy.Tell(text).Within("room");
        }

        for (int step = 0; step < 10; step++)
        {
            // More than the system reports as one block.
            await Host.ReadAsync(64 * 1024);
            _time.Advance(Interval);
            Assert.That(client.IsConnected, Is.True);
        }

        // What the host has read makes room, and a thread that fills this room later is progress at that moment.
        await Bounded.UntilAsync(
            () =>
            {
                _time.Advance(Interval);
                return !client.IsConnected;
            },
            "the loss"
        );
        Assert.That((await disconnected.NextAsync("the disconnection")).Cause, Is.EqualTo(DisconnectCause.KeepAliveTimeout));
    }

    [Test]
    public async Task G9_client_replies_to_pings_of_the_host()
    {
        (IpcClient client, GreeterProxy proxy, ulong watchId) = await BindAndWatchAsync();
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        for (int i = 0; i < 3; i++)
        {
            await Host.SendAsync(Ping(watchId, 1000));
            IPCFrame.Types.InvokeMethod pong = (await Host.ReadFrameAsync()).MsgInvokeMethod;
            Assert.That((pong.ServiceId, pong.MethodId, pong.DropReply), Is.EqualTo((ScriptedHost.ControlId, ScriptedHost.PongId, true)));
        }

        Assert.That(client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task G9_client_whose_stream_is_full_shows_the_host_that_it_is_alive()
    {
        (IpcClient client, GreeterProxy proxy, ulong watchId) = await BindAndWatchAsync(
            new IpcClientOptions { MaxBufferedStreamBytes = 1, TimeProvider = _time }
        );
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        await Host.SendAsync(Ping(watchId, 10_000));
        await Host.ReadFrameAsync();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        ValueTask<bool> next = stream.MoveNextAsync();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true));
        await next.Within("the first reply");
        await Host.SendAsync(ScriptedHost.Reply(requestId, "2", hasMore: true), Ping(watchId, 10_000));
        await Bounded.UntilAsync(
            () =>
            {
                _time.Advance(Interval);
                return Host.Available != 0;
            },
            "a sign of life"
        );
        Assert.That(await Host.ReadAsync(4), Is.All.Zero, "The second ping has not been read.");
        Assert.That(client.IsConnected, Is.True);
    }

    [TestCase(1u)]
    [TestCase(uint.MaxValue)]
    public async Task G9_odd_intervals_of_a_peer_are_bounded(uint milliseconds)
    {
        (IpcClient client, GreeterProxy proxy, ulong watchId) = await BindAndWatchAsync(new IpcClientOptions { TimeProvider = _time });
        await using IpcClient disposed = client;
        using GreeterProxy disposedProxy = proxy;
        Assert.That(_time.Due, Is.Empty, "Without an interval, no timer runs.");
        await Host.SendAsync(Ping(watchId, 0), Ping(watchId, milliseconds));
        await Host.ReadFrameAsync();
        await Host.ReadFrameAsync();
        Assert.That(_time.Due, Has.Member(milliseconds == 1 ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(uint.MaxValue - 1)));
    }

    [Test]
    public async Task G9_host_disconnects_a_client_that_replies_to_no_ping_any_more()
    {
        await using TestHost host = StartHost(Interval);
        using RawClient client = RawClient.Bound(host.Endpoint);
        host.NextConnected();
        uint service = Watch(client);
        Assert.That(ReceivePing(client), Is.EqualTo(10_000), "The first ping announces the interval.");
        Pong(client, service);
        _time.Advance(Interval);
        _time.Advance(Interval);
        Assert.That(ReceivePing(client), Is.EqualTo(10_000));
        Pong(client, service);
        _time.Advance(Interval);
        Assert.That(host.Host.ClientCount, Is.EqualTo(1));
        _time.Advance(3 * Interval);
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.KeepAliveTimeout));
    }

    [Test]
    public async Task G9_host_keeps_a_silent_client_that_has_never_replied_to_a_ping()
    {
        await using TestHost host = StartHost(Interval);
        using RawClient client = RawClient.Bound(host.Endpoint);
        Watch(client);
        ReceivePing(client);
        _time.Advance(10 * Interval);
        client.AssertIsServed();
    }

    [Test]
    public async Task G9_pings_do_not_keep_a_client_from_being_idle()
    {
        await using TestHost host = StartHost(Interval, idleTimeout: 4 * Interval);
        using RawClient client = RawClient.Bound(host.Endpoint);
        host.NextConnected();
        uint service = Watch(client);
        ReceivePing(client);
        Pong(client, service);
        for (int step = 0; step < 4; step++)
        {
            _time.Advance(Interval);
            SendPing(client, service, milliseconds: 0);
        }

        _time.Advance(Interval);
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.IdleTimeout));
    }

    [Test]
    public async Task G9_host_that_does_not_read_a_client_because_of_a_limit_shows_that_it_is_alive()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnHello = async (_, _) =>
                {
                    await release.Task;
                    return ScriptedGreeter.Reply("late");
                },
            },
            new IpcHostOptions { MaxConcurrentCalls = 1, TimeProvider = _time },
            Medium
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        uint service = client.Bind("SignalsControl").MsgBindServiceReply.ServiceId;
        SendPing(client, service, milliseconds: 10_000);

        // Twice the limit, since this client knows it.
        IPCFrame[] calls = [client.Call(1, "Ada"), client.Call(1, "Bob")];
        client.Send(calls);
        await Bounded.UntilAsync(() => host.Host.PausedClients == 1, "the pause");
        for (int i = 0; i < 5; i++)
        {
            _time.Advance(Interval);
            Assert.That(client.ReceiveBytes(4), Is.All.Zero);
        }

        release.SetResult();
        Assert.That(calls.Select(_ => RawClient.Message(client.Receive().MsgInvokeMethodReply)), Is.All.EqualTo("late"));
    }

    [Test]
    public async Task G9_a_client_and_a_host_that_ping_each_other_stay_connected()
    {
        await using TestHost host = StartHost(Interval);
        await using var client = new IpcClient(host.Endpoint, new IpcClientOptions { KeepAlive = 3 * Interval, TimeProvider = _time });
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        for (int i = 0; i < 50; i++)
        {
            await proxy.SayHelloAsync("Ada").Within("the reply");
            _time.Advance(Interval);
            _time.Advance(Interval);
        }

        Assert.That(client.IsConnected, Is.True);
        Assert.That((host.Host.ActiveCalls, client.PendingCalls), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task G9_pings_are_off_by_default_where_the_system_reports_the_end_of_a_process()
    {
        await using TestHost host = StartHost(null);
        await using var client = new IpcClient(host.Endpoint, new IpcClientOptions { TimeProvider = _time, ConnectTimeout = Timeout.InfiniteTimeSpan });
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        await proxy.SayHelloAsync("Ada").Within("the reply");
        await proxy.SayHelloAsync("Ada").Within("the reply");
        Assert.That(_time.Due, Is.Empty);
    }

    [TestCase(null, 15)]
    [TestCase(7, 7)]
    [TestCase(Timeout.Infinite, null)]
    public async Task G9_pings_are_on_by_default_over_tcp(int? seconds, int? expected)
    {
        TimeSpan? interval =
            seconds is null ? null
            : seconds == Timeout.Infinite ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromSeconds(seconds.Value);
        await using TestHost host = StartHost(interval);
        IpcEndpoint endpoint = host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        await using var client = new IpcClient(
            endpoint,
            new IpcClientOptions
            {
                TimeProvider = _time,
                KeepAlive = interval,
                ConnectTimeout = Timeout.InfiniteTimeSpan,
            }
        );
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        await proxy.SayHelloAsync("Ada").Within("the reply");
        TimeSpan[] due = expected is { } value ? [TimeSpan.FromSeconds(value), TimeSpan.FromSeconds(value)] : [];
        Assert.That(_time.Due, Is.EqualTo(due));
    }

    [TestCase(7)]
    [TestCase(0.5)]
    [TestCase(-0.001)]
    [TestCase(4_000_000)]
    public void G9_the_system_probes_tcp_peers_at_the_interval(double seconds)
    {
        using var transport = new SocketTransport(IpcEndpoint.Parse("127.0.0.1:1").CreateSocket());
        transport.SetKeepAlive(TimeSpan.FromSeconds(seconds));
        bool isOn = (int)transport.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0;
        Assert.That(isOn, Is.EqualTo(seconds > 0));
        if (isOn)
        {
            int expected = (int)Math.Clamp(Math.Ceiling(seconds), 1, 32767);
            Assert.That(transport.Socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(expected));
            Assert.That(transport.Socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval), Is.EqualTo(expected));
        }
    }

    private static uint IntervalOf(IPCFrame ping)
    {
        Assert.That((ping.MsgInvokeMethod?.ServiceId, ping.MsgInvokeMethod?.MethodId), Is.EqualTo((ScriptedHost.ControlId, ScriptedHost.PingId)));
        return ControlPing.Parser.ParseFrom(ping.MsgInvokeMethod!.ArgsProto).IntervalMs;
    }

    private static IPCFrame Ping(ulong watchId, uint milliseconds) =>
        ScriptedHost.Event(watchId, new ControlEvent { Ping = new ControlPing { IntervalMs = milliseconds } });

    /// <summary>Binds the control service and watches the host.</summary>
    private static uint Watch(RawClient client)
    {
        uint service = client.Bind("SignalsControl").MsgBindServiceReply.ServiceId;
        client.Send(Control(77, service, 2));
        return service;
    }

    private static uint ReceivePing(RawClient client)
    {
        IPCFrame frame = client.Receive();
        Assert.That((frame.RequestId, frame.MsgInvokeMethodReply?.HasMore), Is.EqualTo((77, true)));
        return ControlEvent.Parser.ParseFrom(frame.MsgInvokeMethodReply!.ReplyProto).Ping.IntervalMs;
    }

    /// <summary>Replies to a ping. When this method returns, the host has read the reply.</summary>
    private static void Pong(RawClient client, uint service)
    {
        IPCFrame pong = Control(0, service, 4);
        pong.MsgInvokeMethod.DropReply = true;
        client.Send(pong);
        SendPing(client, service, milliseconds: 0);
    }

    /// <summary>Pings the host and waits for its reply, before which it has read everything else.</summary>
    private static void SendPing(RawClient client, uint service, uint milliseconds)
    {
        IPCFrame ping = Control(78, service, 3);
        ping.MsgInvokeMethod.ArgsProto = new ControlPing { IntervalMs = milliseconds }.ToByteString();
        client.Send(ping);
        IPCFrame reply;
        do
        {
            reply = client.Receive();
        } while (reply.RequestId == 77);

        Assert.That((reply.RequestId, reply.MsgInvokeMethodReply?.Success), Is.EqualTo((78, true)));
    }

    private static IPCFrame Control(ulong requestId, uint service, uint method) =>
        new()
        {
            RequestId = requestId,
            MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
            {
                ServiceId = service,
                MethodId = method,
                ArgsProto = ByteString.Empty,
            },
        };

    private TestHost StartHost(TimeSpan? keepAlive, TimeSpan? idleTimeout = null) =>
        new(
            options: new IpcHostOptions
            {
                KeepAlive = keepAlive,
                IdleTimeout = idleTimeout ?? Timeout.InfiniteTimeSpan,
                TimeProvider = _time,
            },
            medium: Medium
        );
}
