using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

public sealed class ClientLoadTests : ClientFixture
{
    private const int LargeSize = 100_000;

    private static readonly string Large = new('x', LargeSize);

    [Test]
    public async Task C11_calls_of_many_threads_never_interleave_and_get_their_own_replies()
    {
        const int Threads = 4;
        const int Calls = 500;
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        Task host = Task.Run(() => EchoAsync(Threads * Calls));
        Task[] callers = [.. Enumerable.Range(0, Threads).Select(thread => Task.Run(() => CallAsync(thread)))];
        await Task.WhenAll([.. callers, host]).Within("all replies");
        Assert.That(client.PendingCalls, Is.Zero);

        async Task CallAsync(int thread)
        {
            for (int i = 0; i < Calls; i += 10)
            {
                // Several at the same time, and of different sizes.
                string[] names = [.. Enumerable.Range(i, 10).Select(call => new string((char)('a' + thread), call) + call)];
                GreeterReplyMsg[] replies = await Task.WhenAll(names.Select(name => proxy.SayHelloAsync(name)));
                Assert.That(replies.Select(reply => reply.Message), Is.EqualTo(names));
            }
        }
    }

    [Test]
    public async Task C11_callers_of_a_peer_that_never_reads_wait_at_the_limit_and_memory_does_not_grow()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { MaxUnsentBytes = 300_000 });
        await using IpcClient disposed = client;
        ValueTask[] sends = [.. Enumerable.Range(0, 50).Select(_ => proxy.Tell(Large))];
        int waiting = sends.Count(send => !send.IsCompleted);

        // The system takes some hundred thousand bytes and the client as many; the rest wait.
        Assert.That(waiting, Is.GreaterThan(30));
        using var cancellation = new CancellationTokenSource();
        Task cancelled = proxy.Tell(Large, cancellation.Token).AsTask();
        Task<GreeterReplyMsg> cancelledCall = proxy.SayHelloAsync(Large, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(cancelled.IsCanceled, Is.True);
        await Assert.ThrowsAsync<TaskCanceledException>(() => cancelledCall.Within("the end of the canceled call"));
        Assert.That(client.PendingCalls, Is.Zero);

        // When the peer finally reads, all other frames arrive complete, and no caller waits.
        for (int i = 0; i < sends.Length; i++)
        {
            IPCFrame frame = await Host.ReadFrameAsync();
            Assert.That(frame.MsgInvokeMethod.ArgsProto.Length, Is.GreaterThanOrEqualTo(LargeSize));
        }

        foreach (ValueTask send in sends)
        {
            await send.Within("acceptance");
        }

        await RoundTripAsync(proxy);
    }

    [Test]
    public async Task C11_callers_that_wait_are_served_in_order()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { MaxUnsentBytes = 1 });
        await using IpcClient disposed = client;
        Task[] calls = [.. Enumerable.Range(0, 30).Select(i => proxy.SayHelloAsync($"{i} {Large}"))];
        for (int i = 0; i < calls.Length; i++)
        {
            IPCFrame frame = await Host.ReadFrameAsync();
            Assert.That(GreeterRequestMsg.Parser.ParseFrom(frame.MsgInvokeMethod.ArgsProto).Name, Does.StartWith($"{i} "));
            await Host.SendAsync(ScriptedHost.Reply(frame.RequestId, "a"));
        }

        await Task.WhenAll(calls).Within("all replies");
    }

    [Test]
    public async Task C11_every_call_of_a_burst_without_a_window_gets_its_reply()
    {
        const int Calls = 20_000;
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        Task host = Task.Run(() => EchoAsync(Calls));
        Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, Calls).Select(i => proxy.SayHelloAsync($"{i}"))];
        GreeterReplyMsg[] replies = await Task.WhenAll(calls).Within("all replies");
        await host.Within("the host's end");
        Assert.That(replies.Select(reply => reply.Message), Is.EqualTo(Enumerable.Range(0, Calls).Select(i => $"{i}")));
    }

#if !DEBUG
    // Without optimisation the compiler makes an object of every async method's state, also of one that never waits.
    [Test]
    public async Task Call_allocates_at_most_200_bytes_besides_its_messages()
    {
        const int Calls = 200;
        const int RequestSize = 32;
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        List<long> allocated = [];
        for (int i = -20; i < Calls; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            await ReplyAsync("Hello Ada");
            await call.Within("the reply");
        }

        // The median: a collection that another thread starts during a call counts the unused rest of this thread's buffer, some kilobytes.
        Assert.That(allocated.Order().ElementAt(allocated.Count / 2), Is.LessThanOrEqualTo(200 + RequestSize));
    }
#endif

    private async Task EchoAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            IPCFrame call = await Host.ReadFrameAsync();
            string name = GreeterRequestMsg.Parser.ParseFrom(call.MsgInvokeMethod.ArgsProto).Name;
            await Host.SendAsync(ScriptedHost.Reply(call.RequestId, name));
        }
    }
}
