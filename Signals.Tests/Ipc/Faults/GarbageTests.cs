using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Faults;

/// <summary>F3, F4: any data in frames does not end the connection; any other data ends only that connection.</summary>
[Platform("Linux")]
public sealed class GarbageTests : ClientFixture
{
    private const int Batches = 200;
    private const int FramesInBatch = 500;
    private const ulong Sentinel = ulong.MaxValue - 1;

    [TestCase(1)]
    [TestCase(2)]
    public async Task F3_hundred_thousand_mutated_frames_do_not_prevent_a_host_from_serving_the_same_client(int seed)
    {
        var mutator = new FrameMutator(seed);
        await using var host = new TestHost();
        RawClient.Bound(host.Endpoint).Dispose();
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the first client");
        var before = new OpenSockets();
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            Task<IPCFrame> reply = Task.Run(() => ReceiveSentinel(client));
            for (int batch = 0; batch < Batches; batch++)
            {
                client.SendBytes(mutator.Next(FramesInBatch));
            }

            client.Send(GreeterFrames.Call(Sentinel, 1, "sentinel"));
            Assert.That(RawClient.Message((await reply.Within("the reply")).MsgInvokeMethodReply), Is.EqualTo("Hello sentinel"));
            Assert.That(host.Host.DroppedFrameCount, Is.Positive, "Frames that could not be parsed.");
            Assert.That(host.Host.ActiveCalls, Is.Zero);
        }

        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the client");
        await before.AssertNoneLeftAsync();
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    [TestCase(3)]
    [TestCase(4)]
    public async Task F3_hundred_thousand_mutated_frames_do_not_prevent_a_client_from_receiving_its_reply(int seed)
    {
        var mutator = new FrameMutator(seed);
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using (client)
        {
            // Requests 2 and later: the calls to which mutated frames reply.
            Task<GreeterReplyMsg>[] answered = [.. Enumerable.Range(0, 9).Select(_ => proxy.SayHelloAsync("Ada"))];
            foreach (Task<GreeterReplyMsg> _ in answered)
            {
                await Host.ReadFrameAsync();
            }

            await BurnRequestIdsAsync(proxy);
            for (int batch = 0; batch < Batches; batch++)
            {
                await Host.SendAsync(mutator.Next(FramesInBatch));
            }

            await RoundTripAsync(proxy);
            Assert.That(answered.Count(call => call.IsCompleted), Is.Positive, "Some mutated frames are replies to calls.");
            Host.HangUp();
            foreach (Task<GreeterReplyMsg> call in answered)
            {
                await Bounded.UntilAsync(() => call.IsCompleted, "the end of a call");
                Assert.That(call.Exception?.InnerException, Is.Null.Or.InstanceOf<IpcException>());
            }

            Assert.That(client.PendingCalls, Is.Zero);
        }
    }

    [Test]
    public async Task F2_clients_that_send_noise_leave_no_resources_and_the_next_one_is_served()
    {
        const int Clients = 200;
        var mutator = new FrameMutator(5);
        await using var host = new TestHost();
        RawClient.Bound(host.Endpoint).Dispose();
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the first client");
        var before = new OpenSockets();
        for (int i = 0; i < Clients; i++)
        {
            using RawClient client = RawClient.Connect(host.Endpoint);
            SendUntilEnded(client, mutator.NextNoise(2000));
        }

        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the noisy clients");
        await before.AssertNoneLeftAsync();
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    [Test]
    public async Task F2_host_that_sends_noise_ends_that_connection_and_the_client_calls_the_next_one()
    {
        const int Connections = 200;
        var mutator = new FrameMutator(6);
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Reconnect = true });
        var before = new OpenSockets();
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        for (int i = 0; i < Connections; i++)
        {
            // Makes the connection one of use, after which the client does not wait.
            await RoundTripAsync(proxy);
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            await Host.ReadFrameAsync();
            await Host.SendAsync(mutator.NextNoise(2000));
            Host.HangUp();
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
            await Host.AcceptAsync();
            await Host.ReplyToBindAsync();
            await connected.NextAsync("Connected");
        }

        await RoundTripAsync(proxy);
        Assert.That(client.PendingCalls, Is.Zero);
        await before.AssertNoneLeftAsync();
        await client.DisposeAsync();
        proxy.Dispose();
    }

    /// <summary>The low request ids are used up, so that no mutated frame is a reply to the last call.</summary>
    private async Task BurnRequestIdsAsync(GreeterProxy proxy)
    {
        for (int i = 0; i < 500; i++)
        {
            await proxy.Tell("");
            await Host.ReadFrameAsync();
        }
    }

    private static void SendUntilEnded(RawClient client, byte[] noise)
    {
        try
        {
            client.SendBytes(noise);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // The host had seen enough of it.
        }
    }

    private static IPCFrame ReceiveSentinel(RawClient client)
    {
        while (true)
        {
            IPCFrame frame = client.Receive();
            if (frame.RequestId == Sentinel)
            {
                return frame;
            }
        }
    }
}
