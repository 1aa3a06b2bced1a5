using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Faults;

/// <summary>A peer that is killed at any byte of a frame affects no other peer and leaves no resources.</summary>
[Platform("Linux")]
public sealed class PeerKilledTests
{
    private static readonly byte[] Requests = RawClient.Encode(
        new IPCFrame
        {
            RequestId = 1,
            MsgBindService = new IPCFrame.Types.BindService { ServiceName = "Greeter" },
        },
        GreeterFrames.Call(2, 1, "Ada"),
        GreeterFrames.Call(3, 3, "Ada")
    );

    [Test]
    public async Task F1_H8_client_killed_after_any_byte_of_its_requests_leaves_no_resources_on_the_host()
    {
        await using var host = new TestHost();
        ServeOne(host);
        var before = new OpenSockets();
        for (int sent = 0; sent <= Requests.Length; sent++)
        {
            using (RawClient client = RawClient.Connect(host.Endpoint))
            {
                client.SendBytes(Requests[..sent]);
            }

            host.NextConnected();
            host.NextDisconnected();
        }

        await AssertEmptyAsync(host, before);
    }

    [Test]
    public async Task H4_client_killed_after_any_byte_of_its_replies_leaves_no_resources_on_the_host()
    {
        await using var host = new TestHost();
        int answered = ServeOne(host);
        var before = new OpenSockets();
        for (int read = 0; read <= answered; read++)
        {
            using (RawClient client = RawClient.Connect(host.Endpoint))
            {
                client.SendBytes(Requests);
                client.ReceiveBytes(read);
            }

            host.NextConnected();
            host.NextDisconnected();
        }

        await AssertEmptyAsync(host, before);
    }

    [Test]
    public async Task C5_host_killed_after_any_byte_of_its_replies_fails_the_calls_without_a_reply()
    {
        byte[] bindReply = ScriptedHost.Encode(ScriptedHost.BindReply(1));
        byte[] replies = [.. bindReply, .. ScriptedHost.Encode(ScriptedHost.Reply(2, "Hello Ada"))];
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await KillHostAsync(path, host, replies, bindReply.Length, replies.Length);
        var before = new OpenSockets();
        for (int sent = 0; sent <= replies.Length; sent++)
        {
            await KillHostAsync(path, host, replies, bindReply.Length, sent);
        }

        host.HangUp();
        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task C5_host_killed_after_any_byte_of_a_call_fails_that_call()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        int size = RawClient.Encode(GreeterFrames.Call(2, 11, "Ada", ScriptedHost.ServiceId)).Length;
        await KillCallAsync(path, host, 0);
        var before = new OpenSockets();
        for (int read = 0; read <= size; read++)
        {
            await KillCallAsync(path, host, read);
        }

        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task C5_stream_of_a_host_killed_after_any_byte_delivers_earlier_replies_and_then_fails()
    {
        byte[][] messages = [.. Enumerable.Range(1, 3).Select(number => ScriptedHost.Encode(ScriptedHost.Reply(2, $"{number}", hasMore: true)))];
        byte[] all = [.. messages.SelectMany(message => message)];
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await KillStreamAsync(path, host, all, 0);
        var before = new OpenSockets();
        for (int sent = 0; sent <= all.Length; sent++)
        {
            Assert.That(await KillStreamAsync(path, host, all, sent), Is.EqualTo(sent / messages[0].Length), $"Messages in {sent} bytes.");
        }

        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task C5_host_killed_after_any_byte_of_a_binding_fails_that_binding()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        int size = RawClient
            .Encode(
                new IPCFrame
                {
                    RequestId = 1,
                    MsgBindService = new IPCFrame.Types.BindService { ServiceName = "Greeter" },
                }
            )
            .Length;
        await KillBindingAsync(path, host, 0);
        var before = new OpenSockets();
        for (int read = 0; read <= size; read++)
        {
            await KillBindingAsync(path, host, read);
        }

        await before.AssertNoneLeftAsync();
    }

    /// <summary>The bytes of all replies to <see cref="Requests"/>.</summary>
    private static int ServeOne(TestHost host)
    {
        int count = 0;
        using (RawClient client = RawClient.Connect(host.Endpoint))
        {
            client.SendBytes(Requests);

            // The binding, one greeting, three greetings of the stream.
            for (int frame = 0; frame < 5; frame++)
            {
                count += ScriptedHost.Encode(client.Receive()).Length;
            }
        }

        host.NextConnected();
        host.NextDisconnected();
        return count;
    }

    private static async Task AssertEmptyAsync(TestHost host, OpenSockets before)
    {
        Assert.That(host.Host.ActiveCalls, Is.Zero);
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the last client");
        await before.AssertNoneLeftAsync();
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    private static async Task KillHostAsync(SocketPath path, ScriptedHost host, byte[] replies, int bindSize, int sent)
    {
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await host.AcceptAsync();
        await host.ReadFrameAsync();
        await host.SendAsync(replies.AsMemory(0, Math.Min(sent, bindSize)));
        if (sent < bindSize)
        {
            host.HangUp();
            await FailureOfAsync(binding);
        }
        else
        {
            await binding.Within("binding");
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            await host.ReadFrameAsync();
            await host.SendAsync(replies.AsMemory(bindSize..sent));
            host.HangUp();
            if (sent == replies.Length)
            {
                Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
            }
            else
            {
                Assert.That((await FailureOfAsync(call)).RequestMayHaveBeenSent, Is.True);
            }
        }

        Assert.That(client.PendingCalls, Is.Zero);
    }

    private static async Task KillCallAsync(SocketPath path, ScriptedHost host, int read)
    {
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await BindAsync(client, proxy, host);
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        await host.ReadAsync(read);
        host.HangUp();
        IpcDisconnectedException failure = await FailureOfAsync(call);
        Assert.That(failure.RequestMayHaveBeenSent || read == 0, Is.True, $"The host had read {read} bytes.");
        Assert.That(client.PendingCalls, Is.Zero);
    }

    private static async Task KillBindingAsync(SocketPath path, ScriptedHost host, int read)
    {
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await host.AcceptAsync();
        await host.ReadAsync(read);
        host.HangUp();
        await FailureOfAsync(binding);
        Assert.That(proxy.IsConnected, Is.False);
    }

    /// <summary>Returns the number of messages of a partially sent stream that arrived.</summary>
    private static async Task<int> KillStreamAsync(SocketPath path, ScriptedHost host, byte[] messages, int sent)
    {
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await BindAsync(client, proxy, host);
        await using IAsyncEnumerator<GreeterReplyMsg> stream = proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        await host.ReadFrameAsync();
        await host.SendAsync(messages.AsMemory(0, sent));
        host.HangUp();
        int count = 0;
        try
        {
            while (await stream.MoveNextAsync().Within("the next message"))
            {
                count++;
                Assert.That(stream.Current.Message, Is.EqualTo($"{count}"));
            }
        }
        catch (IpcDisconnectedException failure)
        {
            Assert.That(failure.RequestMayHaveBeenSent, Is.True);
            Assert.That(client.PendingCalls, Is.Zero);
            return count;
        }

        throw new AssertionException("The stream ended as if nothing had happened.");
    }

    private static async Task BindAsync(IpcClient client, GreeterProxy proxy, ScriptedHost host)
    {
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await host.AcceptAsync();
        await host.ReplyToBindAsync();
        await binding.Within("binding");
    }

    private static async Task<IpcDisconnectedException> FailureOfAsync(Task task)
    {
        await Bounded.UntilAsync(() => task.IsCompleted, "the failure");
        return (await Assert.ThrowsAsync<IpcDisconnectedException>(() => task))!;
    }
}
