using System.Collections.Concurrent;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>User code that blocks the thread that reads from a connection holds back nothing else.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BlockingTests : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly TaskCompletionSource _blocks = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _release.Dispose();

    [Test]
    public async Task G3_awaiting_a_call_and_blocking_on_the_next_one_of_the_same_client_does_not_deadlock()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await Task.Run(async () =>
            {
                for (int i = 0; i < 10; i++)
                {
                    await session.Proxy.SayHelloAsync("Ada").ConfigureAwait(false);
                    Assert.That(session.Proxy.SayHelloAsync("Bob").Wait(Bounded.Limit), Is.True);
                }
            })
            .Within("the calls");
    }

    [Test]
    public async Task G3_blocking_on_many_calls_of_one_client_does_not_deadlock()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(AwaitAndBlockAsync))).Within("the calls");

        async Task AwaitAndBlockAsync()
        {
            await session.Proxy.SayHelloAsync("Ada").ConfigureAwait(false);
            Assert.That(session.Proxy.SayHelloAsync("Bob").Wait(Bounded.Limit), Is.True);
        }
    }

    [Test]
    public async Task G3_blocking_on_a_call_under_a_synchronization_context_does_not_deadlock()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var queue = new BlockingCollection<Action>();
        Task loop = Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(new QueueContext(queue));
                foreach (Action action in queue.GetConsumingEnumerable())
                {
                    action();
                }
            },
            TaskCreationOptions.LongRunning
        );
        queue.Add(() => _ = CallAsync());
        await done.Task.Within("the calls");
        queue.CompleteAdding();
        await loop.Within("the context's end");

        async Task CallAsync()
        {
            await session.Proxy.SayHelloAsync("Ada");
            bool isDone = session.Proxy.SayHelloAsync("Bob").Wait(Bounded.Limit);
            await session.Proxy.SayHelloAsync("Cem").ConfigureAwait(false);
            isDone &= session.Proxy.SayHelloAsync("Dia").Wait(Bounded.Limit);
            done.SetResult();
            Assert.That(isDone, Is.True);
        }
    }

    [Test]
    public async Task G3_a_method_that_blocks_holds_back_no_other_call_of_the_client()
    {
        await using TestSession session = await TestSession.StartAsync(Blocking());
        Task<GreeterReplyMsg> blocked = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("a reply")).Message, Is.EqualTo("Ada"));
        Assert.That(session.Host.Host.ActiveCalls, Is.EqualTo(1));
        Assert.That(blocked.IsCompleted, Is.False);
        _release.Set();
        Assert.That((await blocked.Within("the reply of the method that blocked")).Message, Is.EqualTo("block"));
        await session.IdleAsync();
    }

    [Test]
    public async Task G3_replies_before_a_method_that_blocks_are_sent()
    {
        await using var host = new TestHost(Blocking());
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame before = client.Call(1, "before");
        IPCFrame blocked = client.Call(1, "block");
        IPCFrame after = client.Call(1, "after");
        client.Send([before, blocked, after]);
        Assert.That(RawClient.Message(client.ReceiveReply(before.RequestId)), Is.EqualTo("before"));
        Assert.That(RawClient.Message(client.ReceiveReply(after.RequestId)), Is.EqualTo("after"));
        _release.Set();
        Assert.That(RawClient.Message(client.ReceiveReply(blocked.RequestId)), Is.EqualTo("block"));
    }

    [TestCase("throws")]
    [TestCase("awaits")]
    public async Task G3_a_method_that_has_blocked_ends_like_any_other(string how)
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (request, _) =>
                {
                    Block(request);
                    if (how == "awaits")
                    {
                        await Task.Yield();
                        return ScriptedGreeter.Reply("late");
                    }

                    throw new IpcStatusException(IpcStatusCode.NotFound, "gone");
                },
            }
        );
        Task<GreeterReplyMsg> blocked = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        await session.Proxy.WaveGoodbye("Ada").Within("another reply");
        _release.Set();
        if (how == "awaits")
        {
            Assert.That((await blocked.Within("the reply")).Message, Is.EqualTo("late"));
        }
        else
        {
            IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => blocked.Within("the failure"));
            Assert.That(failure!.StatusCode, Is.EqualTo(IpcStatusCode.NotFound));
        }

        await session.IdleAsync();
    }

    [Test]
    public async Task G3_a_stream_whose_method_blocks_holds_back_no_other_call()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (request, _) => BlockingStream(request), OnHello = (request, _) => new(ScriptedGreeter.Reply(request.Name)) }
        );
        Task<List<string>> items = ReadAsync(session.Proxy.WatchGreetings("block"));
        await _blocks.Task.Within("the stream");
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("a reply")).Message, Is.EqualTo("Ada"));
        Assert.That(session.Host.Host.ActiveCalls, Is.EqualTo(1));
        _release.Set();
        Assert.That(await items.Within("the stream"), Is.EqualTo((string[])["one", "two"]));
        await session.IdleAsync();
    }

    [Test]
    public async Task G3_a_call_whose_method_blocks_is_canceled()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (request, context) =>
                {
                    _blocks.TrySetResult();
                    bool isCancelled = context.CancellationToken.WaitHandle.WaitOne(Bounded.Limit);
                    (isCancelled ? cancelled : null)?.TrySetResult();
                    return new(ScriptedGreeter.Reply(""));
                },
            }
        );
        using var cancellation = new CancellationTokenSource();
        _ = session.Proxy.SayHelloAsync("Ada", cancellation.Token);
        await _blocks.Task.Within("the method");
        cancellation.Cancel();
        await cancelled.Task.Within("the cancellation");
        await session.IdleAsync();
    }

    [Test]
    public async Task G3_a_client_that_disconnects_while_a_method_blocks_is_gone_at_once()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (request, context) =>
                {
                    context.CancellationToken.Register(() => cancelled.TrySetResult());
                    Block(request);
                    return new(ScriptedGreeter.Reply(""));
                },
            }
        );
        Task<GreeterReplyMsg> call = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        await session.Client.DisposeAsync();
        session.Host.NextDisconnected();
        await cancelled.Task.Within("the cancellation");
        _release.Set();
        await call.ContinueWith(static _ => { }, TaskScheduler.Default).Within("the failure");
        await session.IdleAsync();
    }

    [Test]
    public async Task G3_one_way_calls_keep_their_order_behind_one_that_blocks_and_calls_with_a_reply_overtake_them()
    {
        var started = new ConcurrentQueue<string>();
        await using TestSession session = await TestSession.StartAsync(Blocking(started));
        await session.Proxy.Tell("block");
        await _blocks.Task.Within("the method");
        for (int i = 0; i < 100; i++)
        {
            await session.Proxy.Tell($"{i}");
        }

        await session.Proxy.SayHelloAsync("Ada").Within("a reply");
        Assert.That(started, Is.EqualTo((string[])["block", "Ada"]));
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 101, "the calls that wait");
        _release.Set();
        await session.IdleAsync();
        Assert.That(started, Is.EqualTo((string[])["block", "Ada", .. Enumerable.Range(0, 100).Select(i => $"{i}")]));
        await session.Proxy.Tell("last");
        await session.Proxy.SayHelloAsync("Ada").Within("a reply");
        Assert.That(started.Skip(102), Is.EqualTo((string[])["last", "Ada"]));
    }

    [Test]
    public async Task G3_one_way_calls_that_wait_are_started_although_the_client_has_disconnected()
    {
        var started = new ConcurrentQueue<string>();
        await using var host = new TestHost(Blocking(started));
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            client.Send([.. ((string[])["block", "one", "two"]).Select(name => OneWay(client.Call(1, name)))]);
            await _blocks.Task.Within("the method");
        }

        _release.Set();
        host.NextDisconnected();
        Assert.That(started, Is.EqualTo((string[])["block", "one", "two"]));
        Assert.That(host.Host.ActiveCalls, Is.Zero);
    }

    [Test]
    public async Task G3_a_host_that_serializes_calls_starts_the_next_one_when_a_method_that_blocks_has_returned()
    {
        var started = new ConcurrentQueue<string>();
        await using TestSession session = await TestSession.StartAsync(Blocking(started), new IpcHostOptions { SerializeCalls = true });
        Task<GreeterReplyMsg> blocked = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> canceled = session.Proxy.SayHelloAsync("canceled", cancellation.Token);
        Task<GreeterReplyMsg> next = session.Proxy.SayHelloAsync("next");
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 3, "the calls");
        cancellation.Cancel();
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 2, "the end of the canceled call");
        Assert.That(started, Is.EqualTo((string[])["block"]));
        _release.Set();
        Assert.That((await next.Within("the next reply")).Message, Is.EqualTo("next"));
        Assert.That((await blocked.Within("the reply")).Message, Is.EqualTo("block"));
        Assert.That(started, Is.EqualTo((string[])["block", "next"]));
        Assert.That(async () => await canceled.Within("the cancellation"), Throws.InstanceOf<OperationCanceledException>());
        await session.IdleAsync();
    }

    [Test]
    public async Task H9_a_host_that_stops_sends_the_reply_of_a_method_that_blocks()
    {
        await using TestSession session = await TestSession.StartAsync(Blocking(), new IpcHostOptions { GracePeriod = Bounded.Limit });
        Task<GreeterReplyMsg> blocked = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        await session.Proxy.SayHelloAsync("Ada").Within("a reply");
        Task stopping = session.Host.Host.StopAsync();
        _release.Set();
        Assert.That((await blocked.Within("the reply")).Message, Is.EqualTo("block"));
        await stopping.Within("stopping");
    }

    [Test]
    public async Task H9_a_host_does_not_wait_for_a_method_that_blocks_beyond_the_grace_period()
    {
        await using TestSession session = await TestSession.StartAsync(Blocking(), new IpcHostOptions { GracePeriod = TimeSpan.Zero });
        Task<GreeterReplyMsg> blocked = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        await session.Proxy.Tell("Ada");
        await session.Host.Host.StopAsync().Within("stopping");
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => blocked.Within("the failure"));
        _release.Set();
    }

    [Test]
    public async Task G3_a_reader_that_blocks_on_an_item_delays_nothing_else_and_gets_its_items_one_by_one()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, context) => Items(context, count: 50), OnHello = (request, _) => new(ScriptedGreeter.Reply(request.Name)) }
        );
        var items = new List<string>();
        int concurrent = 0;
        Task reading = Task.Run(async () =>
        {
            await foreach (GreeterReplyMsg reply in session.Proxy.WatchGreetings("Ada").ConfigureAwait(false))
            {
                Assert.That(Interlocked.Increment(ref concurrent), Is.EqualTo(1));
                items.Add(reply.Message);
                if (items.Count == 1)
                {
                    _blocks.TrySetResult();
                    Bounded.Wait(_release, "the release");
                }

                Interlocked.Decrement(ref concurrent);
            }
        });
        await _blocks.Task.Within("the first item");
        for (int i = 0; i < 10; i++)
        {
            Assert.That((await session.Proxy.SayHelloAsync("Bob").Within("a reply")).Message, Is.EqualTo("Bob"));
        }

        _release.Set();
        await reading.Within("the stream");
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 50).Select(i => $"{i}")));
    }

    [Test]
    public async Task G3_many_methods_that_block_at_random_lose_no_call()
    {
        const int Calls = 400;
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (request, _) =>
                {
                    if (int.Parse(request.Name, null) % 40 == 0)
                    {
                        // As long as the library needs to notice it.
                        SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(12));
                    }

                    return new(ScriptedGreeter.Reply(request.Name));
                },
            }
        );
        Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, Calls).Select(i => session.Proxy.SayHelloAsync($"{i}"))];
        GreeterReplyMsg[] replies = await Task.WhenAll(calls).Within("all replies");
        Assert.That(replies.Select(reply => reply.Message), Is.EqualTo(Enumerable.Range(0, Calls).Select(i => $"{i}")));
        await session.IdleAsync();
        await session.Host.Host.StopAsync().Within("stopping");
    }

    [Test]
    [NonParallelizable]
    public async Task G3_calls_are_carried_out_while_user_code_blocks_all_threads_of_the_pool([Values] Medium medium)
    {
        const int Calls = 200;
        await using TestSession session = await TestSession.StartAsync(Blocking(), medium: medium);
        await using TestSession other = await TestSession.StartAsync(new ScriptedGreeter(), medium: medium);
        _ = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the method");
        int additional = await Task
            .Factory.StartNew(
                () =>
                {
                    try
                    {
                        FillPool();
                        int threads = ThreadPool.ThreadCount;
                        for (int i = 0; i < Calls; i++)
                        {
                            Assert.That(session.Proxy.SayHelloAsync("Ada").Wait(Bounded.Limit), Is.True);
                            Assert.That(other.Proxy.SayHelloAsync("Bob").Wait(Bounded.Limit), Is.True);
                        }

                        return ThreadPool.ThreadCount - threads;
                    }
                    finally
                    {
                        _release.Set();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Within("the calls");

        // A call that waited for the pool would need an additional thread of it, which the next work item blocks.
        Assert.That(additional, Is.LessThan(Calls / 2));
        await session.IdleAsync();
    }

    [Test]
    [NonParallelizable]
    public async Task G3_many_methods_that_block_occupy_one_thread_of_the_pool_for_each_client()
    {
        const int Calls = 64;
        using var started = new CountdownEvent(Calls);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (_, _) =>
                {
                    started.Signal();
                    Bounded.Wait(_release, "the release");
                    return new(ScriptedGreeter.Reply(""));
                },
            }
        );
        int threads = ThreadPool.ThreadCount;
        Task[] calls = [.. Enumerable.Range(0, Calls).Select(_ => session.Proxy.SayHelloAsync("Ada"))];
        Assert.That(started.Wait(Bounded.Limit), Is.True);
        int additional = ThreadPool.ThreadCount - threads;
        _release.Set();
        await Task.WhenAll(calls).Within("the replies");
        Assert.That(additional, Is.LessThan(Calls / 2));
    }

    [Test]
    public async Task G1_method_that_blocks_before_it_requests_its_token_is_canceled()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (request, context) => request.Name == "block" ? BlockAndWaitAsync(context, _blocks, _release) : new(ScriptedGreeter.Reply("")),
            }
        );
        using var cancellation = new CancellationTokenSource();
        Task call = session.Proxy.SayHelloAsync("block", cancellation.Token);
        await _blocks.Task.Within("the method");
        cancellation.Cancel();
        await Assert.ThatAsync(() => call.Within("the end of the call"), Throws.InstanceOf<OperationCanceledException>());
        await session.Proxy.SayHelloAsync("behind").Within("a request that follows the cancellation");
        _release.Set();
        await session.IdleAsync();
    }

    [Test]
    public async Task G1_method_that_has_waited_for_another_one_and_blocks_before_it_requests_its_token_is_canceled()
    {
        using var mayWait = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (request, context) =>
                {
                    if (request.Name == "wait")
                    {
                        return BlockAndWaitAsync(context, begun, mayWait);
                    }

                    _blocks.TrySetResult();
                    Bounded.Wait(_release, "the release");
                    return new(ScriptedGreeter.Reply(""));
                },
            },
            new IpcHostOptions { SerializeCalls = true }
        );
        Task first = session.Proxy.SayHelloAsync("block");
        await _blocks.Task.Within("the first method");
        using var cancellation = new CancellationTokenSource();
        Task waiting = session.Proxy.SayHelloAsync("wait", cancellation.Token);
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 2, "the call that waits");
        _release.Set();
        await first.Within("the first call");
        await begun.Task.Within("the second method");
        cancellation.Cancel();
        Task last = session.Proxy.SayHelloAsync("behind");
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 2, "a request that follows the cancellation");
        mayWait.Set();
        await Assert.ThatAsync(() => waiting.Within("the end of the call"), Throws.InstanceOf<OperationCanceledException>());
        await last.Within("the last call");
        await session.IdleAsync();
    }

    /// <summary>Blocks the thread, and then waits until the call is canceled.</summary>
    private static async ValueTask<GreeterReplyMsg> BlockAndWaitAsync(CallContext context, TaskCompletionSource begun, ManualResetEventSlim mayWait)
    {
        begun.TrySetResult();
        Bounded.Wait(mayWait, "the release");
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return ScriptedGreeter.Reply("late");
    }

    private static IPCFrame OneWay(IPCFrame call)
    {
        call.MsgInvokeMethod.DropReply = true;
        return call;
    }

    private static async Task<List<string>> ReadAsync(IAsyncEnumerable<GreeterReplyMsg> replies)
    {
        List<string> items = [];
        await foreach (GreeterReplyMsg reply in replies)
        {
            items.Add(reply.Message);
        }

        return items;
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Items(CallContext context, int count)
    {
        for (int i = 0; i < count; i++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            yield return ScriptedGreeter.Reply($"{i}");
            await Task.Yield();
        }
    }

    private ScriptedGreeter Blocking(ConcurrentQueue<string>? started = null) =>
        new()
        {
            OnHello = (request, _) =>
            {
                started?.Enqueue(request.Name);
                Block(request);
                return new(ScriptedGreeter.Reply(request.Name));
            },
        };

    private async IAsyncEnumerable<GreeterReplyMsg> BlockingStream(GreeterRequestMsg request)
    {
        yield return ScriptedGreeter.Reply("one");
        Block(request);
        yield return ScriptedGreeter.Reply("two");
        await Task.CompletedTask;
    }

    /// <summary>Queues more work items that block than the pool creates threads for during a test, and waits until they block all of its threads.</summary>
    private void FillPool()
    {
        int started = 0;
        for (int i = 0; i < 1000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    Interlocked.Increment(ref started);
                    _release.Wait();
                },
                null
            );
        }

        Bounded.Until(() => Volatile.Read(ref started) >= Environment.ProcessorCount, "the work items");
    }

    private void Block(GreeterRequestMsg request)
    {
        if (request.Name == "block")
        {
            _blocks.TrySetResult();
            Bounded.Wait(_release, "the release");
        }
    }

    private sealed class QueueContext(BlockingCollection<Action> queue) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => queue.Add(() => d(state));
    }
}
