using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>Hosts and clients of one process that meet at an in-memory endpoint. The fixtures with a <see cref="Medium"/> test the rest.</summary>
internal sealed class InMemoryTests
{
    private readonly IpcEndpoint _endpoint = IpcEndpoint.InMemory(nameof(InMemoryTests));

    [Test]
    public async Task K1_connecting_where_no_host_listens_fails_with_advice()
    {
        await using var client = new IpcClient(_endpoint);
        IpcException? exception = await Assert.ThrowsAsync<IpcException>(() => client.ConnectAsync().Within("the failure"));
        Assert.That(exception!.Message, Does.Contain($"{_endpoint}").And.Contain("start the host"));
        Assert.That(client.IsConnected, Is.False);
    }

    [Test]
    public async Task K3_name_at_which_a_host_listens_is_refused_to_others_until_it_stops()
    {
        await using IpcHost first = Serve();
        await using var second = new IpcHost();
        second.Expose(new ScriptedGreeter());
        Assert.That(
            () => second.Start(_endpoint),
            Throws.TypeOf<IpcException>().With.Message.Contains($"{_endpoint}").And.Message.Contains("choose another")
        );
        await Assert.ThrowsAsync<IpcException>(() => second.StartAsync(_endpoint).Within("the failure"));
        await using (IpcClient client = await ConnectAsync())
        {
            Assert.That(await GreetAsync(client), Is.EqualTo("Hello Ann"));
        }

        await first.StopAsync().Within("the stop");
        Assert.That(await second.StartAsync(_endpoint).Within("the start"), Is.EqualTo(_endpoint));
        await using IpcClient other = await ConnectAsync();
        Assert.That(await GreetAsync(other), Is.EqualTo("Hello Ann"));
    }

    [Test]
    public async Task C3_client_that_retries_finds_a_host_that_starts_later()
    {
        var time = new FakeTime();
        await using var client = new IpcClient(_endpoint, new IpcClientOptions { Retry = true, TimeProvider = time });
        SignalProbe<DisconnectReason> failed = Probe.Of(client.ConnectFailed);
        Task connected = client.ConnectAsync();
        Assert.That((await failed.NextAsync("the first attempt")).Cause, Is.EqualTo(DisconnectCause.ConnectFailed));
        await using IpcHost host = Serve();
        Assert.That(connected.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        await connected.Within("the second attempt");
    }

    [Test]
    public async Task H6_client_is_this_process_as_the_kernel_describes_it_and_numbered_in_order()
    {
        await using var socketHost = new TestHost();
        using RawClient socketClient = RawClient.Connect(socketHost.Endpoint);
        await using var host = new TestHost(medium: Medium.InMemory);
        using RawClient first = RawClient.Connect(host.Endpoint);
        ClientInfo client = host.NextConnected();
        Assert.That(client, Is.EqualTo(socketHost.NextConnected()));
        Assert.That((client.Id, client.ProcessId, client.IsVerified), Is.EqualTo((1L, (int?)Environment.ProcessId, true)));
        using RawClient second = RawClient.Connect(host.Endpoint);
        Assert.That(host.NextConnected().Id, Is.EqualTo(2));
    }

    [Test]
    public async Task H6_identity_that_the_client_claims_is_ignored()
    {
        await using var host = new TestHost(medium: Medium.InMemory);
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(
            new IPCFrame
            {
                SetPeerIdentity = new IPCFrame.Types.SetPeerIdentity { Pid = 1, Uid = 2 },
            }
        );
        client.AssertIsServed();
        client.Dispose();
        Assert.That(host.NextDisconnected().Client.ProcessId, Is.EqualTo(Environment.ProcessId));
    }

    [Test]
    public async Task H9_stopping_lets_a_call_end_and_then_disconnects_everybody()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using IpcHost host = Serve(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan }
        );
        await using IpcClient client = await ConnectAsync();
        using GreeterProxy proxy = await BindAsync(client);
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        Task<GreeterReplyMsg> call = proxy.WaveGoodbye("Ann");
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        Task stopped = host.StopAsync();

        // A refusal shows that the host is stopping.
        while (await IsServedAsync(proxy))
        {
            Assert.That(stopped.IsCompleted, Is.False);
        }

        Assert.That(stopped.IsCompleted, Is.False);
        writer.Complete(ScriptedGreeter.Reply("Goodbye"));
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Goodbye"));
        await stopped.Within("the stop");
        await disconnected.NextAsync("Disconnected");
        Assert.That((host.ClientCount, host.ActiveCalls), Is.EqualTo((0, 0)));
        await Assert.ThrowsAsync<IpcException>(() => client.ConnectAsync().Within("the failure"));
    }

    [Test]
    public async Task H9_disposing_the_host_disconnects_a_client_that_does_not_read()
    {
        IpcHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => Endless() });
        using RawClient client = RawClient.Bound(_endpoint);
        client.Send(client.Call(3, "Ann"));
        await Bounded.UntilAsync(() => host.ActiveCalls == 1, "the stream");
        await host.DisposeAsync().AsTask().Within("the disposal");
        client.AssertIsEnded();
    }

    [Test]
    public async Task H7_stream_to_a_client_that_does_not_read_is_held_back_and_resumed()
    {
        int produced = 0;
        await using IpcHost host = Serve(
            new ScriptedGreeter { OnWatch = (_, _) => Endless(() => Interlocked.Increment(ref produced)) },
            new IpcHostOptions { MaxUnsentBytes = 1 }
        );
        using RawClient client = RawClient.Bound(_endpoint);
        IPCFrame call = client.Call(3, "Ann");
        client.Send(call);

        // Each reply has more than a thousand bytes; the transport holds 64 KiB of them.
        await Bounded.UntilAsync(() => Volatile.Read(ref produced) > 60, "the replies that there is room for");
        for (int i = 1; i <= 200; i++)
        {
            Assert.That(client.ReceiveReply(call.RequestId).HasMore, Is.True);
            Assert.That(Volatile.Read(ref produced) - i, Is.LessThan(100), "Replies that were made and not read.");
        }
    }

    [Test]
    public async Task C6_client_reconnects_to_the_next_host_and_binds_its_proxy_again()
    {
        IpcHost first = Serve();
        await using IpcClient client = await ConnectAsync(new IpcClientOptions { Reconnect = true });
        using GreeterProxy proxy = await BindAsync(client);
        Assert.That((await proxy.SayHelloAsync("Ann").Within("the reply")).Message, Is.EqualTo("Hello Ann"));
        SignalProbe<bool> bound = Probe.Of(proxy.Connected);
        await first.DisposeAsync().AsTask().Within("the disposal");
        await using IpcHost second = Serve();
        await bound.NextAsync("the proxy is bound again");
        Assert.That((await proxy.SayHelloAsync("Bob").Within("the reply")).Message, Is.EqualTo("Hello Bob"));
    }

    private static async Task<bool> IsServedAsync(GreeterProxy proxy)
    {
        try
        {
            await proxy.SayHelloAsync("late").Within("the reply");
            return true;
        }
        catch (IpcCallException)
        {
            return false;
        }
    }

    private static async Task<GreeterProxy> BindAsync(IpcClient client)
    {
        var proxy = new GreeterProxy();
        await client.BindAsync(proxy).Within("binding");
        return proxy;
    }

    private static async Task<string> GreetAsync(IpcClient client)
    {
        using GreeterProxy proxy = await BindAsync(client);
        return (await proxy.SayHelloAsync("Ann").Within("the reply")).Message;
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Endless(Action? onNext = null)
    {
        GreeterReplyMsg reply = ScriptedGreeter.Reply(new string('x', 1000));
        while (true)
        {
            onNext?.Invoke();
            yield return reply;
            await Task.CompletedTask;
        }
    }

    private IpcHost Serve(Service? service = null, IpcHostOptions? options = null)
    {
        var host = new IpcHost(options);
        host.Expose(service ?? new ScriptedGreeter());
        host.Start(_endpoint);
        return host;
    }

    private async Task<IpcClient> ConnectAsync(IpcClientOptions? options = null)
    {
        var client = new IpcClient(_endpoint, options);
        await client.ConnectAsync().Within("connecting");
        return client;
    }
}
