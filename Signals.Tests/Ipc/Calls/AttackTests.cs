using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Faults that attacks on the rules of calls have found.</summary>
[TestFixture]
public sealed class AttackTests
{
    [Test]
    public async Task G5_callback_that_throws_at_the_deadline_is_logged_and_harms_nothing()
    {
        var logger = new ListLogger();
        var time = new FakeTime();
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (_, context) =>
                {
                    context.CancellationToken.Register(() => throw new InvalidOperationException("broken"));
                    registered.SetResult();
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                    return ScriptedGreeter.Reply("");
                },
            },
            new IpcHostOptions { TimeProvider = time, Logger = logger }
        );
        Task<GreeterReplyMsg> call = session.Proxy.HelloAsync(new CallOptions { Timeout = TimeSpan.FromHours(1) });
        await registered.Task.Within("the callback");
        Assert.That(time.Due, Has.Length.EqualTo(1), "The timer of the deadline.");
        Assert.That(() => time.Advance(TimeSpan.FromHours(1)), Throws.Nothing);
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        await Bounded.UntilAsync(() => logger.Entries.Any(entry => entry.Text.Contains("cancellation callback")), "the log entry");
        await Bounded.UntilAsync(() => time.Timers == 0, "the end of the timer of the deadline, with its call");
    }

    [Test]
    public async Task G5_stream_that_ends_after_its_deadline_times_out()
    {
        var time = new FakeTime();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, context) => UntilCancelledAsync(context) },
            new IpcHostOptions { TimeProvider = time }
        );
        await using IAsyncEnumerator<GreeterReplyMsg> replies = session
            .Proxy.WatchAsync(new CallOptions { Timeout = TimeSpan.FromHours(1) })
            .GetAsyncEnumerator();
        await replies.MoveNextAsync().Within("the reply");
        ValueTask<bool> next = replies.MoveNextAsync();
        time.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<TimeoutException>(() => next.Within("the timeout"));
    }

    [Test]
    public async Task G1_late_use_of_a_context_leaves_later_calls_cancellable()
    {
        CallContext? old = null;
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (request, context) =>
                {
                    if (request.Name == "first")
                    {
                        old = context;
                        return ScriptedGreeter.Reply("");
                    }

                    CancellationToken token = context.CancellationToken;
                    waiting.TrySetResult();
                    await Task.Delay(Timeout.Infinite, token);
                    return ScriptedGreeter.Reply("");
                },
            }
        );
        await session.Proxy.SayHelloAsync("first").Within("the reply");
        _ = old!.CancellationToken;
        using var cancellation = new CancellationTokenSource();
        Task call = session.Proxy.SayHelloAsync("second", cancellation.Token);
        await waiting.Task.Within("the call");
        cancellation.Cancel();
        Assert.That(async () => await call.Within("the end"), Throws.InstanceOf<OperationCanceledException>());
        await session.IdleAsync();
    }

    [Test]
    public async Task H7_client_that_pings_and_reads_nothing_is_paused()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxUnsentBytes = 64 * 1024 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.BindServiceReply control = client.Bind("SignalsControl").MsgBindServiceReply;
        byte[] pings = RawClient.Encode(
            Enumerable
                .Range(0, 10_000)
                .Select(number => new IPCFrame
                {
                    RequestId = (ulong)number + 100,
                    MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
                    {
                        ServiceId = control.ServiceId,
                        MethodId = control.Methods.Single(method => method.Name == "Ping").Id,
                    },
                })
        );
        var flood = new Worker(() =>
        {
            try
            {
                while (true)
                {
                    client.SendBytes(pings);
                }
            }
            catch (System.Net.Sockets.SocketException)
            {
                // The test has ended.
            }
            catch (ObjectDisposedException)
            {
                // The test has ended.
            }
        });
        await Bounded.UntilAsync(() => host.Host.PausedClients == 1, "the pause");
        client.Dispose();
        flood.Join();
    }

    [Test]
    public async Task G4_exception_whose_text_throws_fails_its_call_alone([Values] bool later)
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (_, _) =>
                {
                    if (later)
                    {
                        await Task.Yield();
                    }

                    throw new BrokenException();
                },
            },
            new IpcHostOptions { IncludeExceptionDetails = true }
        );
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        Assert.That(failure!.StatusMessage, Is.EqualTo(nameof(BrokenException)));
        await session.IdleAsync();
    }

    [Test]
    public async Task G6_message_and_headers_may_be_changed_while_the_call_waits()
    {
        string? seen = null;
        using var path = new SocketPath();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Retry = true });
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        var request = new GreeterRequestMsg { Name = "one" };
        var headers = new Dictionary<string, string> { ["name"] = "one" };
        Task<GreeterReplyMsg> call = proxy.Calls.CallAsync(GreeterProxy.SayHello, request, new CallOptions { WaitForReady = true, Headers = headers });
        request.Name = "two";
        headers["name"] = "two";
        await using var host = new IpcHost();
        host.Expose(
            new ScriptedGreeter
            {
                OnHello = (received, context) =>
                {
                    seen = context.Headers["name"];
                    return new(ScriptedGreeter.Reply(received.Name));
                },
            }
        );
        host.Start(path.Endpoint);
        client.Connect();
        Assert.That(((await call.Within("the reply")).Message, seen), Is.EqualTo(("one", "one")));
    }

    [Test]
    public async Task G6_the_clients_time_limit_includes_the_wait_too()
    {
        using var path = new SocketPath();
        var time = new FakeTime();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { TimeProvider = time, CallTimeout = TimeSpan.FromSeconds(2) });
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        Task<GreeterReplyMsg> call = proxy.HelloAsync(new CallOptions { WaitForReady = true });
        await Bounded.UntilAsync(() => time.Due.Contains(TimeSpan.FromSeconds(2)), "the timer");
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
    }

    [Test]
    public async Task H8_cleanup_of_a_stream_finds_the_token_cancelled_when_the_client_has_disconnected()
    {
        var found = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new TestHost(new ScriptedGreeter { OnWatch = (_, context) => FastAsync(context, found) });
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            IPCFrame watch = client.Call(3, "Ada");
            client.Send(watch);
            client.ReceiveReply(watch.RequestId);
        }

        Assert.That(await found.Task.Within("the cleanup"), Is.True);
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> UntilCancelledAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Delay(Timeout.Infinite, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> FastAsync(CallContext context, TaskCompletionSource<bool> found)
    {
        try
        {
            while (true)
            {
                yield return ScriptedGreeter.Reply("one");
                await Task.Yield();
            }
        }
        finally
        {
            found.TrySetResult(context.CancellationToken.IsCancellationRequested);
        }
    }

    private sealed class BrokenException : Exception
    {
        public override string ToString() => throw new InvalidOperationException("broken");
    }
}
