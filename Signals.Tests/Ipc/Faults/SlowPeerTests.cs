using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Host;

namespace Signals.Tests.Ipc.Faults;

/// <summary>Peers that are silent, slow, or not reading.</summary>
[Platform("Linux")]
public sealed class SlowPeerTests : ClientFixture
{
    [Test]
    public async Task F1_host_reads_requests_that_arrive_one_byte_at_a_time()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "slow");
        foreach (byte single in RawClient.Encode(call))
        {
            client.SendBytes([single]);
        }

        Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("Hello slow"));
    }

    [Test]
    public async Task F1_client_reads_replies_that_arrive_one_byte_at_a_time()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using (client)
        {
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            IPCFrame request = await Host.ReadFrameAsync();
            foreach (byte single in ScriptedHost.Encode(ScriptedHost.Reply(request.RequestId, "slow")))
            {
                await Host.SendAsync(new[] { single });
            }

            Assert.That((await call.Within("the reply")).Message, Is.EqualTo("slow"));
        }
    }

    [Test]
    public async Task H8_client_that_only_closes_its_sending_side_has_disconnected_and_cancels_its_calls()
    {
        using var contexts = new Received<CallContext>();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnGoodbye = (_, reply) =>
                {
                    reply.Context.CancellationToken.Register(() => reply.Fail(new OperationCanceledException()));
                    contexts.Add(reply.Context);
                },
            }
        );
        RawClient.Bound(host.Endpoint).Dispose();
        host.NextConnected();
        host.NextDisconnected();
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the first client");
        var before = new OpenSockets();
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            client.Send(client.Call(2, "Ann"));
            CallContext context = contexts.Next();
            client.Socket.Shutdown(SocketShutdown.Send);
            Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
            Assert.That(context.CancellationToken.IsCancellationRequested, Is.True);
            client.AssertIsEnded();
        }

        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the client");
        Assert.That(host.Host.ActiveCalls, Is.Zero);
        await before.AssertNoneLeftAsync();
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    [Test]
    public async Task C5_host_that_only_closes_its_sending_side_has_disconnected()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using (client)
        {
            SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            await Host.ReadFrameAsync();
            Host.Client.Shutdown(SocketShutdown.Send);
            Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        }
    }

    [Test]
    public async Task H7_silent_client_and_one_that_never_reads_delay_no_other_client_and_leave_no_resources()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxUnsentBytes = 4096 });
        RawClient.Bound(host.Endpoint).Dispose();
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the client");
        var before = new OpenSockets();
        using (RawClient.Connect(host.Endpoint))
        using (RawClient unread = RawClient.Bound(host.Endpoint))
        {
            Flood.Fill(unread);
            using RawClient other = RawClient.Bound(host.Endpoint);
            other.AssertIsServed();
        }

        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the clients");
        Assert.That(host.Host.ActiveCalls, Is.Zero);
        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task C11_callers_of_a_host_that_never_reads_wait_can_be_canceled_and_fail_at_its_end()
    {
        const int Callers = 64;
        (IpcClient first, GreeterProxy firstProxy) = await BindAsync();
        firstProxy.Dispose();
        await first.DisposeAsync();
        Host.HangUp();
        var before = new OpenSockets();
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { MaxUnsentBytes = 64 * 1024 });
        await using (client)
        {
            string large = new('x', 64 * 1024);
            Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, Callers).Select(_ => proxy.SayHelloAsync(large))];
            using var cancel = new CancellationTokenSource();
            Task<GreeterReplyMsg> cancelled = proxy.SayHelloAsync(large, cancel.Token);
            Task oneWay = proxy.Tell(large).AsTask();
            Assert.That(calls.Append(cancelled).Append(oneWay).Any(task => task.IsCompleted), Is.False, "No call has a reply.");
            await cancel.CancelAsync();
            Assert.That(() => cancelled.Within("the cancellation"), Throws.InstanceOf<OperationCanceledException>());

            Host.HangUp();
            foreach (Task call in calls.Append(oneWay))
            {
                await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
            }

            Assert.That(client.PendingCalls, Is.Zero);
            Assert.That(
                calls.Select(call => ((IpcDisconnectedException)call.Exception!.InnerException!).RequestMayHaveBeenSent).Last(),
                Is.False,
                "The last call was still waiting for room."
            );
        }

        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task C10_binding_to_a_host_that_never_accepts_can_be_canceled()
    {
        var client = new IpcClient(Endpoint);
        await using (client)
        {
            using var proxy = new GreeterProxy();
            using var cancel = new CancellationTokenSource();
            Task binding = client.BindAsync(proxy, cancel.Token);
            await client.ConnectAsync().Within("connecting: the system does that without the host");
            await cancel.CancelAsync();
            Assert.That(() => binding.Within("the cancellation"), Throws.InstanceOf<OperationCanceledException>());
        }
    }
}
