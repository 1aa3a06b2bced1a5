using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Streams that are left and calls that are canceled, in numbers that would use up every limit if they left anything behind.</summary>
[TestFixture]
[NonParallelizable]
public sealed class CancellationLoadTests : ClientFixture
{
    private const int Count = 10_000;

    /// <summary>The bytes that may be in use in addition: those of one call that left 100 bytes would be a million.</summary>
    private const long MaxRetained = 1_000_000;

    private int _finallies;
    private int _cancelled;

    [Test]
    public async Task G1_ten_thousand_streams_that_were_left_and_as_many_cancelled_calls_leave_nothing_behind()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnWatch = (_, context) => CountingAsync(context),
                OnHello = (request, context) => request.Name == "served" ? new(ScriptedGreeter.Reply("Hello served")) : WaitAsync(context),
            }
        );
        await LeaveAndCancelAsync(session.Proxy, 1000);
        await EndedAsync(session, 1000);
        long before = Garbage.RetainedBytes();
        await LeaveAndCancelAsync(session.Proxy, Count);
        Assert.That((await session.Proxy.SayHelloAsync("served").Within("the reply")).Message, Is.EqualTo("Hello served"));
        await EndedAsync(session, 1000 + Count);
        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(MaxRetained));
    }

    [Test]
    public async Task G1_ten_thousand_streams_that_were_left_and_as_many_cancelled_calls_do_no_harm_with_a_plain_host()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        Task serving = ServeAsync();
        await LeaveAndCancelAsync(proxy, 1000);
        await proxy.SayHelloAsync("served").Within("the reply");
        await serving.Within("the frames");
        long before = Garbage.RetainedBytes();
        serving = ServeAsync();
        await LeaveAndCancelAsync(proxy, Count);
        await proxy.SayHelloAsync("served").Within("the reply");
        await serving.Within("the frames");
        Assert.That(client.PendingCalls, Is.Zero);
        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(MaxRetained));
    }

    /// <summary>Leaves streams after one item, and cancels calls whose requests have been sent.</summary>
    private static async Task LeaveAndCancelAsync(GreeterProxy proxy, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await foreach (GreeterReplyMsg _ in proxy.WatchGreetings("Ada"))
            {
                break;
            }

            using var cancellation = new CancellationTokenSource();
            Task call = proxy.SayHelloAsync("Ada", cancellation.Token);
            cancellation.Cancel();
            try
            {
                await call.Within("the end of the call");
                Assert.Fail("The call has a reply.");
            }
            catch (OperationCanceledException)
            {
                // As expected.
            }
        }
    }

    private async Task EndedAsync(TestSession session, int streams)
    {
        await session.IdleAsync();
        Assert.That((Volatile.Read(ref _finallies), session.Client.PendingCalls), Is.EqualTo((streams, 0)));
        await Bounded.UntilAsync(() => Volatile.Read(ref _cancelled) == 0, "the cancellation of the methods");
    }

    private async IAsyncEnumerable<GreeterReplyMsg> CountingAsync(CallContext context)
    {
        try
        {
            yield return ScriptedGreeter.Reply("one");
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref _finallies);
        }
    }

    private async ValueTask<GreeterReplyMsg> WaitAsync(CallContext context)
    {
        Interlocked.Increment(ref _cancelled);
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return ScriptedGreeter.Reply("late");
        }
        finally
        {
            Interlocked.Decrement(ref _cancelled);
        }
    }

    /// <summary>Reads calls as a plain host does: streams get an item; the other calls, which are canceled, get no reply, except the last one.</summary>
    private async Task ServeAsync()
    {
        while (true)
        {
            IPCFrame call = await Host.ReadFrameAsync();
            if (call.MsgInvokeMethod.MethodId == 13)
            {
                await Host.SendAsync(ScriptedHost.Reply(call.RequestId, "one", hasMore: true));
            }
            else if (GreeterRequestMsg.Parser.ParseFrom(call.MsgInvokeMethod.ArgsProto).Name == "served")
            {
                await Host.SendAsync(ScriptedHost.Reply(call.RequestId, "Hello served"));
                return;
            }
        }
    }
}
