using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Sockets;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Host;

namespace Signals.Tests.Ipc.Faults;

/// <summary>Peers that send nothing, or almost nothing, end at their time limits and leave no resources.</summary>
[Platform("Linux")]
public sealed class SilentPeerTests : ClientFixture
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestCase(false)]
    [TestCase(true)]
    public async Task H7_half_open_client_ends_at_the_idle_timeout_and_leaves_no_resources(bool isTcp)
    {
        var time = new FakeTime();
        await using var host = new TestHost(options: new IpcHostOptions { IdleTimeout = 10 * Second, TimeProvider = time });
        IpcEndpoint endpoint = isTcp ? host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0")) : host.Endpoint;
        await VisitAsync(host, endpoint);
        var before = new OpenSockets();

        // Its machine has lost its power after this: nothing comes any more, not even an end.
        using (RawClient halfOpen = RawClient.Bound(endpoint))
        {
            host.NextConnected();
            halfOpen.SendBytes([100, 0, 0, 0, 1]);
            time.Advance(10 * Second);
            Assert.That(host.Host.ClientCount, Is.EqualTo(1));
            time.Advance(5 * Second);
            Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.IdleTimeout));
        }

        await AssertEmptyAsync(host, endpoint, before);
    }

    [Test]
    public async Task H7_client_that_never_reads_ends_at_the_write_timeout_and_leaves_no_resources()
    {
        var time = new FakeTime();
        await using var host = new TestHost(
            options: new IpcHostOptions
            {
                WriteTimeout = 10 * Second,
                MaxUnsentBytes = 4096,
                TimeProvider = time,
            }
        );
        await VisitAsync(host, host.Endpoint);
        var before = new OpenSockets();
        using (RawClient silent = RawClient.Bound(host.Endpoint))
        {
            host.NextConnected();
            Flood.Fill(silent);
            Assert.That(time.Due, Does.Contain(2.5 * Second), "A step of the time to accept a write runs.");
            time.Advance(10 * Second - TimeSpan.FromTicks(1));
            Assert.That(host.Host.ClientCount, Is.EqualTo(1));
            time.Advance(TimeSpan.FromTicks(1));
            Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.WriteTimeout));
        }

        await AssertEmptyAsync(host, host.Endpoint, before);
        Assert.That(time.Due, Is.Empty, "No further probes are made.");
    }

    [Test]
    public async Task H7_client_that_sends_one_byte_per_second_delays_no_other_client_and_ends_at_the_idle_timeout()
    {
        var time = new FakeTime();
        await using var host = new TestHost(options: new IpcHostOptions { IdleTimeout = 20 * Second, TimeProvider = time });
        await VisitAsync(host, host.Endpoint);
        var before = new OpenSockets();
        using (RawClient good = RawClient.Bound(host.Endpoint))
        using (RawClient slow = RawClient.Bound(host.Endpoint))
        {
            ClientInfo[] clients = [host.NextConnected(), host.NextConnected()];
            byte[] call = RawClient.Encode(slow.Call(1, new string('x', 100)));
            int sent = 0;
            while (host.Host.ClientCount == clients.Length)
            {
                Assert.That(sent, Is.LessThan(call.Length - 1), "The slow client would end soon.");
                SendUnlessEnded(slow, call[sent++]);
                time.Advance(Second);
                good.AssertIsServed();
            }

            (ClientInfo gone, DisconnectReason reason) = host.NextDisconnected();
            Assert.That((gone.Id, reason.Cause), Is.EqualTo((clients.Max(client => client.Id), DisconnectCause.IdleTimeout)));
            Assert.That(sent, Is.GreaterThanOrEqualTo(20), "Seconds until it ended.");
            good.AssertIsServed();
        }

        await AssertEmptyAsync(host, host.Endpoint, before);
    }

    [Test]
    public async Task F1_client_that_sends_one_byte_per_second_is_served_without_an_idle_timeout()
    {
        var time = new FakeTime();
        await using var host = new TestHost(options: new IpcHostOptions { TimeProvider = time });
        using RawClient slow = RawClient.Bound(host.Endpoint);
        IPCFrame call = slow.Call(1, "slow");
        foreach (byte single in RawClient.Encode(call))
        {
            slow.SendBytes([single]);
            time.Advance(Second);
        }

        Assert.That(RawClient.Message(slow.ReceiveReply(call.RequestId)), Is.EqualTo("Hello slow"));
    }

    [Test]
    public async Task C10_reply_that_arrives_one_byte_per_second_does_not_prevent_the_timeout()
    {
        var time = new FakeTime();
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { CallTimeout = 5 * Second, TimeProvider = time });
        await using (client)
        {
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            byte[] reply = ScriptedHost.Encode(ScriptedHost.Reply((await Host.ReadFrameAsync()).RequestId, "slow"));
            int sent = 0;
            while (sent < 5)
            {
                Assert.That(call.IsCompleted, Is.False);
                await Host.SendAsync(reply.AsMemory(sent++, 1));
                time.Advance(Second);
            }

            await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
            Assert.That(client.PendingCalls, Is.Zero);

            // The rest of the reply is ignored.
            await Host.SendAsync(reply.AsMemory(sent));
            await RoundTripAsync(proxy);
        }
    }

    [Test]
    public async Task C10_half_open_host_fails_calls_at_their_timeout_and_leaves_no_resources()
    {
        var time = new FakeTime();
        await using var host = new TestHost();
        using var silent = new TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var endpoint = IpcEndpoint.Parse(silent.LocalEndpoint.ToString()!);
        var before = new OpenSockets();
        var client = new IpcClient(endpoint, new IpcClientOptions { CallTimeout = 5 * Second, TimeProvider = time });
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        client.Connect();
        using (Socket accepted = await silent.AcceptSocketAsync().Within("the client"))
        {
            await accepted.SendAsync(ScriptedHost.Encode(ScriptedHost.BindReply(1)));
            await binding.Within("binding");
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            time.Advance(5 * Second);
            await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
            Assert.That(client.PendingCalls, Is.Zero);
            await client.DisposeAsync();
        }

        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task H7_C5_system_probes_half_open_tcp_connections_on_both_sides()
    {
        using var accepted = new Received<IpcTransport>();
        using var listener = SocketListener.Listen(IpcEndpoint.Parse("127.0.0.1:0"), new ListenerSettings());
        listener.Accepted.Connect(accepted.Add);
        listener.Start();
        using Socket connecting = listener.Endpoint.CreateSocket();
        await connecting.ConnectAsync(listener.Endpoint.ToEndPoint());
        using var other = (SocketTransport)accepted.Next();
        foreach (Socket socket in new[] { connecting, other.Socket })
        {
            Assert.That(socket.NoDelay, Is.True);
            Assert.That(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.Zero);
            int[] seconds =
            [
                (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!,
                (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)!,
                (int)socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount)!,
            ];
            Assert.That(seconds[0] + (seconds[1] * seconds[2]), Is.LessThanOrEqualTo(60), "Seconds until the end of an unreachable peer.");
        }
    }

    /// <summary>Connects and disconnects one client, so that all resources that are created once exist.</summary>
    private static async Task VisitAsync(TestHost host, IpcEndpoint endpoint)
    {
        using (RawClient visitor = RawClient.Bound(endpoint))
        {
            visitor.AssertIsServed();
        }

        host.NextConnected();
        host.NextDisconnected();
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the first client");
    }

    private static void SendUnlessEnded(RawClient client, byte single)
    {
        try
        {
            client.SendBytes([single]);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The host has just ended it.
        }
    }

    private static async Task AssertEmptyAsync(TestHost host, IpcEndpoint endpoint, OpenSockets before)
    {
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the last client");
        Assert.That(host.Host.ActiveCalls, Is.Zero);
        await before.AssertNoneLeftAsync();
        using RawClient next = RawClient.Bound(endpoint);
        next.AssertIsServed();
    }
}
