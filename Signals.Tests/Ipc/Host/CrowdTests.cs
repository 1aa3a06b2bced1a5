using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Host;

/// <summary>Tests that many clients and many calls leave no resources.</summary>
internal sealed class CrowdTests
{
    [Test]
    public async Task H7_a_thousand_connecting_and_disconnecting_clients_leave_no_resources()
    {
        const int Rounds = 100;
        const int AtOnce = 10;
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) });
        using RawClient stays = RawClient.Bound(host.Endpoint);
        int before = OpenDescriptors();
        for (int round = 0; round < Rounds; round++)
        {
            RawClient[] clients = [.. Enumerable.Range(0, AtOnce).Select(_ => RawClient.Connect(host.Endpoint))];
            foreach (RawClient client in clients)
            {
                // Some disconnect with an active call, some in the middle of a frame.
                client.Send(client.Call(1, "Ann"), client.Call(2, "Ann"));
                client.SendBytes([100, 0, 0, 0, 1]);
                Assert.That(client.Receive().MsgInvokeMethodReply.Success, Is.True);
                client.Dispose();
            }
        }

        for (int i = 0; i < Rounds * AtOnce; i++)
        {
            host.NextDisconnected();
            writers.Next().Complete(ScriptedGreeter.Reply("too late"));
        }

        Assert.That(SpinWait.SpinUntil(() => host.Host.ClientCount == 1, Bounded.Limit), Is.True);
        Assert.That(SpinWait.SpinUntil(() => OpenDescriptors() <= before, Bounded.Limit), Is.True, "Descriptors were left open.");
        Assert.That(host.Host.ActiveCalls, Is.Zero);
        stays.AssertIsServed();
    }

    [Test]
    public async Task H8_a_disconnected_client_is_not_kept_alive()
    {
        using var tokens = new Received<WeakReference>();
        var service = new ScriptedGreeter
        {
            OnHello = (request, context) =>
            {
                tokens.Add(new WeakReference(context));
                return new(ScriptedGreeter.Reply($"Hello {request.Name}"));
            },
        };
        await using var host = new TestHost(service);
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            client.AssertIsServed();
        }

        host.NextDisconnected();
        WeakReference context = tokens.Next();
        bool isCollected = SpinWait.SpinUntil(
            () =>
            {
                Garbage.Collect();
                return !context.IsAlive;
            },
            Bounded.Limit
        );
        Assert.That(isCollected, Is.True, "Objects that the client's calls received are still reachable.");
    }

    [Test]
    public async Task A_call_with_an_immediate_reply_allocates_only_its_two_messages_on_the_host()
    {
        const int Count = 2_000;
        const int AllowedBytesPerCall = 4;
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        byte[] calls = RawClient.Encode(Enumerable.Range(0, Count).Select(_ => client.Call(1, "Ann")));
        byte[] replies = new byte[Count * 64];
        long messages = MessagesOfOneCall();
        int replyBytes = -1;
        long least = long.MaxValue;

        // The least of several rounds: the runtime's own threads allocate now and then, too.
        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            client.SendBytes(calls);
            replyBytes = replyBytes < 0 ? ReceiveFirst(client, replies, Count) : Receive(client, replies, replyBytes);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.That(least / (double)Count, Is.LessThanOrEqualTo(messages + AllowedBytesPerCall), $"The messages of one call take {messages} bytes.");
    }

    /// <summary>Returns the number of bytes that are allocated to decode a request and to make its reply, without a host.</summary>
    private static long MessagesOfOneCall()
    {
        const int Count = 1000;
        byte[] request = new GreeterRequestMsg { Name = "Ann" }.ToByteArray();
        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Count; i++)
            {
                GC.KeepAlive(ScriptedGreeter.Reply($"Hello {GreeterRequestMsg.Parser.ParseFrom((ReadOnlySpan<byte>)request).Name}"));
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / Count;
    }

    /// <summary>Receives the replies one by one, and returns their number of bytes.</summary>
    private static int ReceiveFirst(RawClient client, byte[] buffer, int count)
    {
        int bytes = 0;
        for (int i = 0; i < count; i++)
        {
            IPCFrame reply = client.Receive();
            Assert.That(reply.MsgInvokeMethodReply.Success, Is.True);
            bytes += 4 + reply.CalculateSize();
        }

        Assert.That(bytes, Is.LessThan(buffer.Length));
        return bytes;
    }

    private static int Receive(RawClient client, byte[] buffer, int count)
    {
        for (int received = 0; received < count; )
        {
            received += client.Socket.Receive(buffer.AsSpan(received, count - received));
        }

        return count;
    }

    private static int OpenDescriptors() => Descriptors.LinksOf(Environment.ProcessId).Length;
}
