using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

/// <summary>C2, C3, C6, C10: operations that take too long, and unsteady time providers.</summary>
public sealed class ClientTimeTests : ClientFixture
{
    private readonly FakeTime _time = new();

    [Test]
    public async Task C3_attempt_that_takes_longer_than_the_connect_timeout_fails_and_is_retried()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var address = (IPEndPoint)listener.LocalEndPoint!;

        // The system takes these and then none, as from a frozen host.
        var crowd = new List<Socket>();
        Task waiting;
        do
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            crowd.Add(socket);
            waiting = socket.ConnectAsync(address);
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(500)));
        } while (waiting.IsCompleted);

        var endpoint = IpcEndpoint.Parse(address.ToString());
        var options = new IpcClientOptions
        {
            Retry = true,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            TimeProvider = _time,
        };
        await using var client = new IpcClient(endpoint, options);
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        for (int round = 1; round <= 2; round++)
        {
            Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(3)]));
            _time.Advance(TimeSpan.FromSeconds(3));
            DisconnectReason reason = await failures.NextAsync("the failure");
            Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.ConnectFailed));
            Assert.That(
                reason.Message,
                Is.EqualTo($"Connecting to {endpoint} took longer than 00:00:03. The peer may be unresponsive, or its machine unreachable.")
            );
            Assert.That(reason.Exception, Is.TypeOf<TimeoutException>());
            Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(round)]));
            _time.Advance(TimeSpan.FromSeconds(round));
        }

        crowd.ForEach(socket => socket.Dispose());
        await Assert.ThatAsync(() => waiting, Throws.Exception);
    }

    [Test]
    public async Task C2_connection_to_a_host_that_never_replies_is_lost([Values] bool limitsCalls, [Values] bool reconnects)
    {
        TimeSpan limit = TimeSpan.FromSeconds(2);
        var options = limitsCalls
            ? new IpcClientOptions
            {
                CallTimeout = limit,
                Reconnect = reconnects,
                TimeProvider = _time,
            }
            : new IpcClientOptions
            {
                ConnectTimeout = limit,
                Reconnect = reconnects,
                TimeProvider = _time,
            };
        await using IpcClient client = await ConnectAsync(options);
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> ofProxy = Probe.Of(proxy.Disconnected);
        SignalProbe<DisconnectReason> ofClient = Probe.Of(client.Disconnected);
        Task binding = client.BindAsync(proxy);
        await Host.ReadFrameAsync();
        _time.Advance(limit - TimeSpan.FromTicks(1));
        Assert.That(binding.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromTicks(1));
        IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the failure"));
        Assert.That(exception!.Reason.Cause, Is.EqualTo(DisconnectCause.BindTimeout));
        Assert.That(exception.Message, Is.EqualTo("The proxy was not bound. The host did not reply to the request for service Greeter within 00:00:02."));
        Assert.That(exception.InnerException, Is.TypeOf<TimeoutException>());
        Assert.That((await ofProxy.NextAsync("the proxy's Disconnected")).Cause, Is.EqualTo(DisconnectCause.BindTimeout));
        Assert.That((await ofClient.NextAsync("the client's Disconnected")).Cause, Is.EqualTo(DisconnectCause.BindTimeout));
        Assert.That(_time.Due, Is.EqualTo(reconnects ? (TimeSpan[])[TimeSpan.FromSeconds(1)] : []));
        if (reconnects)
        {
            SignalProbe<bool> connected = Probe.Of(proxy.Connected);
            _time.Advance(TimeSpan.FromSeconds(1));
            await Host.AcceptAsync();
            await Host.ReplyToBindAsync();
            await connected.NextAsync("Connected");
            await RoundTripAsync(proxy);
        }

        Assert.That(ofProxy.WaitingCount + ofClient.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task C2_binding_without_a_reply_fails_alone_if_the_host_has_sent_other_replies()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(2), TimeProvider = _time });
        await using IpcClient disposed = client;
        using var other = new OtherProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(other.Disconnected);
        Task binding = client.BindAsync(other);
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(2)]));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.BindTimeout));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the failure"));
        await Host.SendAsync(ScriptedHost.BindReply(requestId, serviceId: 8));
        await RoundTripAsync(proxy);
        Assert.That((client.IsConnected, proxy.IsConnected, other.IsConnected), Is.EqualTo((true, true, false)));

        // It may be tried again.
        Task again = client.BindAsync(other);
        await Host.ReplyToBindAsync(serviceId: 8);
        await again.Within("binding");
        proxy.Dispose();
    }

    [Test]
    public async Task C6_client_reconnects_with_increasing_delays_to_a_host_that_disconnects_after_the_binding()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Reconnect = true, TimeProvider = _time });
        await using IpcClient disposed = client;
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        for (int series = 0; series < 2; series++)
        {
            // Once immediately: the host may just have restarted.
            Host.HangUp();
            await AssertReconnectsAsync();
            foreach (int seconds in (int[])[1, 2, 3, 4])
            {
                Host.HangUp();
                await disconnected.NextAsync("Disconnected");
                Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(seconds)]));
                Assert.That(Host.HasWaitingConnection, Is.False);
                _time.Advance(TimeSpan.FromSeconds(seconds));
                await Host.AcceptAsync();
                await Host.ReplyToBindAsync();
                await connected.NextAsync("Connected");
            }

            // A call that succeeds, or some time, makes the connection a good one, and the next delay a short one.
            if (series == 0)
            {
                await RoundTripAsync(proxy);
            }
            else
            {
                _time.Advance(TimeSpan.FromSeconds(10));
            }

            Host.HangUp();
            await AssertReconnectsAsync();
        }

        async Task AssertReconnectsAsync()
        {
            await disconnected.NextAsync("Disconnected");
            await Host.AcceptAsync();
            await Host.ReplyToBindAsync();
            await connected.NextAsync("Connected");
        }
    }

    [Test]
    public async Task C6_host_that_repeatedly_disconnects_is_found_immediately_when_its_file_appears()
    {
        await using IpcClient client = await ConnectAsync(new IpcClientOptions { Reconnect = true, TimeProvider = _time });
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        Host.HangUp();
        await disconnected.NextAsync("Disconnected");
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(1)]));
        EndHost();
        string hidden = SocketFile + "~";
        using var host = new ScriptedHost(IpcEndpoint.Parse(hidden));
        File.Move(hidden, SocketFile, overwrite: true);
        await host.AcceptAsync();
    }

    [Test]
    public async Task C10_time_that_jumps_back_restarts_the_timeouts_of_calls()
    {
        var time = new UnsteadyTime(_time);
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(5), TimeProvider = time });
        await using IpcClient disposed = client;
        Task call = proxy.SayHelloAsync("a");
        time.Offset = -TimeSpan.FromDays(60);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(5)]));
        Assert.That(call.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        proxy.Dispose();
    }

    [Test]
    public async Task C10_calls_time_out_although_the_time_provider_creates_and_sets_no_timers([Values] bool failsLater)
    {
        var time = new UnsteadyTime(TimeProvider.System) { IsBroken = !failsLater };
        var logger = new ListLogger();
        var options = new IpcClientOptions
        {
            CallTimeout = TimeSpan.FromSeconds(1),
            TimeProvider = time,
            Logger = logger,
        };
        (IpcClient client, GreeterProxy proxy) = await BindAsync(options);
        if (failsLater)
        {
            await RoundTripAsync(proxy);
            time.IsBroken = true;
        }

        await Assert.ThrowsAsync<TimeoutException>(() => proxy.SayHelloAsync("a").Within("the timeout"));
        await Assert.ThrowsAsync<TimeoutException>(() => proxy.SayHelloAsync("b").Within("the timeout"));
        Assert.That(client.IsConnected, Is.True);
        await client.DisposeAsync();
        proxy.Dispose();
        Assert.That(
            logger.Entries.Where(entry => entry.Exception is InvalidOperationException).Select(entry => entry.Text).Distinct(),
            Is.EqualTo((string[])["The time provider failed; the system time is used instead"])
        );
    }

    [Test]
    public async Task C3_attempts_are_made_although_the_time_provider_creates_no_timers()
    {
        EndHost();
        await using var client = new IpcClient(
            Endpoint,
            new IpcClientOptions
            {
                Retry = true,
                TimeProvider = new UnsteadyTime(TimeProvider.System) { IsBroken = true },
            }
        );
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failures.NextAsync("a failed attempt");
        await failures.NextAsync("the next one, a second later");
    }
}
