using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Calls before a connection, across its loss, and beside the end of the host.</summary>
[TestFixture]
public sealed class ReadyAndStoppingTests
{
    private static readonly CallOptions Ready = new() { WaitForReady = true };

    [Test]
    public async Task G6_a_call_that_waits_for_ready_is_made_when_the_proxy_is_connected()
    {
        using var path = new SocketPath();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Retry = true });
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        client.Connect();
        Task<GreeterReplyMsg> call = proxy.HelloAsync(Ready);
        Task<GreeterReplyMsg> stream = FirstAsync(proxy.WatchAsync(Ready));
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        host.Start(path.Endpoint);
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        Assert.That((await stream.Within("the reply")).Message, Is.EqualTo("Ada 1"));
    }

    [Test]
    public async Task G6_disposing_the_client_ends_the_waiting()
    {
        using var path = new SocketPath();
        var client = new IpcClient(path.Endpoint);
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        Task<GreeterReplyMsg> call = proxy.HelloAsync(Ready);
        await client.DisposeAsync();
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
    }

    [Test]
    public async Task G6_disposing_the_proxy_ends_the_waiting()
    {
        using var path = new SocketPath();
        await using var client = new IpcClient(path.Endpoint);
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        Task<GreeterReplyMsg> call = proxy.HelloAsync(Ready);
        proxy.Dispose();
        Assert.That(async () => await call.Within("the failure"), Throws.InstanceOf<ObjectDisposedException>().Or.InstanceOf<IpcDisconnectedException>());
    }

    [Test]
    public async Task G6_the_time_limit_includes_the_waiting()
    {
        using var path = new SocketPath();
        var time = new FakeTime();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { TimeProvider = time });
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        Task<GreeterReplyMsg> call = proxy.HelloAsync(new CallOptions { WaitForReady = true, Timeout = TimeSpan.FromSeconds(2) });
        await Bounded.UntilAsync(() => time.Due.Contains(TimeSpan.FromSeconds(2)), "the timer");
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
    }

    [Test]
    public async Task G6_the_token_ends_the_waiting()
    {
        using var path = new SocketPath();
        await using var client = new IpcClient(path.Endpoint);
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> call = proxy.HelloAsync(Ready, cancellation.Token);
        cancellation.Cancel();
        Assert.That(async () => await call.Within("the end"), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task G6_the_end_of_the_waiting_of_a_stream_has_the_token_of_its_caller(bool isOfCall)
    {
        using var path = new SocketPath();
        await using var client = new IpcClient(path.Endpoint);
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        using var ofCall = new CancellationTokenSource();
        using var ofEnumeration = new CancellationTokenSource();
        await using IAsyncEnumerator<GreeterReplyMsg> replies = proxy.WatchAsync(Ready, ofCall.Token).GetAsyncEnumerator(ofEnumeration.Token);
        ValueTask<bool> next = replies.MoveNextAsync();
        CancellationTokenSource cancelled = isOfCall ? ofCall : ofEnumeration;
        cancelled.Cancel();
        OperationCanceledException? end = await Assert.CatchAsync<OperationCanceledException>(() => next.Within("the end"));
        Assert.That(end!.CancellationToken, Is.EqualTo(cancelled.Token));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task G6_the_end_of_a_stream_with_resume_has_the_token_of_its_caller(bool isOfCall)
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync("first", context) },
            clientOptions: new IpcClientOptions { Reconnect = true }
        );
        using var ofCall = new CancellationTokenSource();
        using var ofEnumeration = new CancellationTokenSource();
        await using IAsyncEnumerator<GreeterReplyMsg> replies = session
            .Proxy.WatchAsync(new CallOptions { Resume = true }, ofCall.Token)
            .GetAsyncEnumerator(ofEnumeration.Token);
        Assert.That(await replies.MoveNextAsync().Within("a reply"), Is.True);
        ValueTask<bool> next = replies.MoveNextAsync();
        CancellationTokenSource cancelled = isOfCall ? ofCall : ofEnumeration;
        cancelled.Cancel();
        OperationCanceledException? end = await Assert.CatchAsync<OperationCanceledException>(() => next.Within("the end"));
        Assert.That(end!.CancellationToken, Is.EqualTo(cancelled.Token));
    }

    [Test]
    public async Task G6_the_text_of_a_timeout_names_the_limit_and_not_the_rest_of_it()
    {
        using var path = new SocketPath();
        var time = new FakeTime();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { TimeProvider = time });
        var proxy = new GreeterProxy();
        client.Bind(proxy);
        Task<GreeterReplyMsg> call = proxy.HelloAsync(new CallOptions { WaitForReady = true, Timeout = TimeSpan.FromSeconds(5) });
        await Bounded.UntilAsync(() => time.Due.Contains(TimeSpan.FromSeconds(5)), "the timer of the waiting");
        time.Advance(TimeSpan.FromSeconds(2));
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter { OnHello = (_, _) => new(new TaskCompletionSource<GreeterReplyMsg>().Task) });
        host.Start(path.Endpoint);
        client.Connect();
        await Bounded.UntilAsync(() => client.PendingCalls == 1 && time.Due.Contains(TimeSpan.FromSeconds(3)), "the call");
        time.Advance(TimeSpan.FromSeconds(3));
        TimeoutException? late = await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        Assert.That(late!.Message, Does.Contain("00:00:05"));
    }

    [Test]
    public async Task G6_a_proxy_without_a_client_fails_at_once() =>
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => new GreeterProxy().HelloAsync(Ready).Within("the failure"));

    [Test]
    public async Task G6_a_stream_with_resume_is_called_again_after_the_connection_was_lost()
    {
        using var path = new SocketPath();
        var first = new IpcHost();
        first.Expose(new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync("first", context) });
        first.Start(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Retry = true, Reconnect = true });
        var proxy = new GreeterProxy();
        client.Connect();
        await client.BindAsync(proxy).Within("binding");
        await using IAsyncEnumerator<GreeterReplyMsg> replies = proxy.WatchAsync(new CallOptions { Resume = true }).GetAsyncEnumerator();
        Assert.That(await replies.MoveNextAsync().Within("a reply"), Is.True);
        Assert.That(replies.Current.Message, Is.EqualTo("first"));
        ValueTask<bool> next = replies.MoveNextAsync();
        await first.DisposeAsync();
        await using var second = new IpcHost();
        second.Expose(new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync("second", context) });
        second.Start(path.Endpoint);
        Assert.That(await next.Within("a reply of the second host"), Is.True);
        Assert.That(replies.Current.Message, Is.EqualTo("second"));
    }

    [Test]
    public async Task G6_a_stream_with_resume_ends_with_a_status()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "") },
            clientOptions: new IpcClientOptions { Reconnect = true }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => FirstAsync(session.Proxy.WatchAsync(new CallOptions { Resume = true })).Within("the failure"));
    }

    [Test]
    public async Task G7_services_hear_that_the_host_is_stopping_and_end_their_streams()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, context) => UntilStoppingAsync(context) });
        var messages = new List<string>();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task reading = ReadAsync();
        await running.Task.Within("the first reply");
        await session.Host.Host.StopAsync().Within("stopping");
        await reading.Within("the end of the stream");
        Assert.That(messages, Is.EqualTo((string[])["one", "last"]));

        async Task ReadAsync()
        {
            await foreach (GreeterReplyMsg reply in session.Proxy.WatchGreetings("Ada"))
            {
                messages.Add(reply.Message);
                running.TrySetResult();
            }
        }
    }

    [Test]
    public async Task G7_clients_hear_that_the_host_was_stopped()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        SignalProbe<DisconnectReason> ofClient = Probe.Of(session.Client.Disconnected);
        SignalProbe<DisconnectReason> ofProxy = Probe.Of(session.Proxy.Disconnected);

        // The client binds the control service beside the first call, and watches the host beside the second.
        for (int call = 1; call <= 3; call++)
        {
            await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        }

        await session.Host.Host.StopAsync().Within("stopping");
        Assert.That((await ofProxy.NextAsync("the proxy's disconnection")).Cause, Is.EqualTo(DisconnectCause.HostStopping));
        Assert.That((await ofClient.NextAsync("the client's disconnection")).Cause, Is.EqualTo(DisconnectCause.HostStopping));
        IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => session.Proxy.SayHelloAsync("Ada"));
        Assert.That(failure!.Reason.Cause, Is.EqualTo(DisconnectCause.HostStopping));
    }

    [Test]
    public async Task G7_a_callback_that_throws_while_the_host_is_stopping_is_logged()
    {
        var logger = new ListLogger();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (_, context) =>
                {
                    context.HostStopping.Register(() => throw new InvalidOperationException("broken"));
                    return new(ScriptedGreeter.Reply(""));
                },
            },
            new IpcHostOptions { Logger = logger }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        await session.Host.Host.StopAsync().Within("stopping");
        await Bounded.UntilAsync(() => logger.Entries.Any(entry => entry.Text.Contains("HostStopping")), "the log entry");
    }

    [Test]
    public async Task G12_connect_while_waiting_to_retry_tries_at_once()
    {
        using var path = new SocketPath();
        var time = new FakeTime();
        await using var client = new IpcClient(IpcEndpoint.Parse("127.0.0.1:1"), new IpcClientOptions { Retry = true, TimeProvider = time });
        SignalProbe<DisconnectReason> failed = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failed.NextAsync("the first failure");
        client.Connect();
        await failed.NextAsync("the failure of the attempt that was asked for");
    }

    [Test]
    public async Task G12_backoff_determines_the_delays()
    {
        var time = new FakeTime();
        var asked = new List<int>();
        await using var client = new IpcClient(
            IpcEndpoint.Parse("127.0.0.1:1"),
            new IpcClientOptions
            {
                Retry = true,
                TimeProvider = time,
                Backoff = attempt =>
                {
                    asked.Add(attempt);
                    return TimeSpan.FromSeconds(100 * attempt);
                },
            }
        );
        SignalProbe<DisconnectReason> failed = Probe.Of(client.ConnectFailed);
        client.Connect();
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            await failed.NextAsync("a failure");
            var delay = TimeSpan.FromSeconds(100 * attempt);
            await Bounded.UntilAsync(() => time.Due.Contains(delay), "the delay");
            time.Advance(delay);
        }

        Assert.That(asked[..3], Is.EqualTo((int[])[1, 2, 3]));
    }

    [Test]
    public async Task G12_backoff_that_throws_is_logged_and_replaced_by_the_default()
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        await using var client = new IpcClient(
            IpcEndpoint.Parse("127.0.0.1:1"),
            new IpcClientOptions
            {
                Retry = true,
                TimeProvider = time,
                Logger = logger,
                Backoff = _ => throw new InvalidOperationException("broken"),
            }
        );
        client.Connect();
        await Bounded.UntilAsync(() => time.Due.Contains(TimeSpan.FromSeconds(1)), "the default delay");
        Assert.That(logger.Entries.Count(entry => entry.Text.Contains("Backoff")), Is.EqualTo(1));
    }

    private static async Task<GreeterReplyMsg> FirstAsync(IAsyncEnumerable<GreeterReplyMsg> replies)
    {
        await foreach (GreeterReplyMsg reply in replies)
        {
            return reply;
        }

        throw new InvalidOperationException("The stream is empty.");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> EndlessAsync(string text, CallContext context)
    {
        yield return ScriptedGreeter.Reply(text);
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> UntilStoppingAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (context.HostStopping.Register(stopping.SetResult))
        {
            await stopping.Task;
        }

        yield return ScriptedGreeter.Reply("last");
    }
}
