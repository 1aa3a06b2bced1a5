using System.Collections.Concurrent;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>A client observes the host's limit of active calls, so that the host never has to stop reading from it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HoldBackTests
{
    private const int Limit = 4;

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _started = new();

    [Test]
    public async Task G2_calls_beyond_the_hosts_limit_are_held_back_and_the_host_never_stops_reading()
    {
        var logger = new ListLogger();
        await using TestSession session = await StartAsync(new IpcHostOptions { MaxConcurrentCalls = Limit, Logger = logger });
        Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, 100).Select(i => session.Proxy.SayHelloAsync($"{i}"))];
        await ActiveAsync(session, Limit);
        Assert.That(session.Client.PendingCalls, Is.EqualTo(100));
        Assert.That(session.Client.GetPendingCalls().Count(call => call.State == PendingCallState.Queued), Is.EqualTo(100 - Limit));
        Assert.That(session.Host.Host.PausedClients, Is.Zero);
        _release.SetResult();
        await Task.WhenAll(calls).Within("all replies");
        Assert.That(_started, Is.EqualTo(Enumerable.Range(0, 100).Select(i => $"{i}")));
        Assert.That(logger.Entries.Select(entry => entry.Text), Has.None.Contains("stopped reading").And.None.Contains("MaxConcurrentCalls"));
        await session.IdleAsync();
    }

    [Test]
    public async Task G2_a_call_that_is_held_back_can_be_canceled_and_never_reaches_the_host()
    {
        await using TestSession session = await StartAsync();
        Task[] calls = [.. Enumerable.Range(0, Limit).Select(i => session.Proxy.SayHelloAsync($"{i}"))];
        await ActiveAsync(session, Limit);
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> held = session.Proxy.SayHelloAsync("held", cancellation.Token);
        Task<GreeterReplyMsg> next = session.Proxy.SayHelloAsync("next");
        cancellation.Cancel();
        Assert.That(async () => await held.Within("the cancellation"), Throws.InstanceOf<OperationCanceledException>());
        _release.SetResult();
        await next.Within("the next reply");
        await Task.WhenAll(calls).Within("all replies");
        Assert.That(_started, Has.None.EqualTo("held"));
        Assert.That(session.Client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task G2_leaving_a_stream_lets_the_next_call_go()
    {
        await using TestSession session = await StartAsync();
        using var cancellation = new CancellationTokenSource();
        Task[] streams =
        [
            .. Enumerable
                .Range(0, Limit)
                .Select(async i =>
                {
                    await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings($"{i}", i == 0 ? cancellation.Token : CancellationToken.None)) { }
                }),
        ];
        await ActiveAsync(session, Limit);
        Task<GreeterReplyMsg> held = session.Proxy.SayHelloAsync("held");
        Assert.That(session.Client.GetPendingCalls()[^1].State, Is.EqualTo(PendingCallState.Queued));
        cancellation.Cancel();
        await Bounded.UntilAsync(() => _started.Contains("held"), "the call that was held back");
        _release.SetResult();
        await held.Within("the reply");
        Assert.That(async () => await streams[0].Within("the cancellation"), Throws.InstanceOf<OperationCanceledException>());
        await Task.WhenAll(streams[1..]).Within("the streams");
    }

    [Test]
    public async Task G2_one_way_calls_are_not_held_back_behind_others()
    {
        await using TestSession session = await StartAsync(new IpcHostOptions { MaxConcurrentCalls = Limit });
        Task[] calls = [.. Enumerable.Range(0, 2 * Limit).Select(i => session.Proxy.SayHelloAsync($"{i}"))];
        await ActiveAsync(session, Limit);
        await session.Proxy.Tell("one-way").AsTask().Within("acceptance");
        await Bounded.UntilAsync(() => _started.Contains("one-way"), "the one-way call");
        Assert.That(_started, Has.Count.EqualTo(Limit + 1));
        _release.SetResult();
        await Task.WhenAll(calls).Within("all replies");
    }

    [Test]
    public async Task G2_a_call_that_is_held_back_beyond_its_time_limit_fails()
    {
        var time = new FakeTime();
        await using TestSession session = await StartAsync(clientOptions: new IpcClientOptions { TimeProvider = time });
        Task[] calls = [.. Enumerable.Range(0, Limit).Select(i => session.Proxy.SayHelloAsync($"{i}"))];
        await ActiveAsync(session, Limit);
        Task<GreeterReplyMsg> held = session.Proxy.HelloAsync(new CallOptions { Timeout = TimeSpan.FromSeconds(3) });
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(async () => await held.Within("the time limit"), Throws.InstanceOf<TimeoutException>());
        _release.SetResult();
        await Task.WhenAll(calls).Within("all replies");
    }

    [TestCase("client")]
    [TestCase("proxy")]
    [TestCase("host")]
    public async Task G2_calls_that_are_held_back_fail_when_the_connection_ends_and_were_certainly_not_sent(string what)
    {
        await using TestSession session = await StartAsync(new IpcHostOptions { MaxConcurrentCalls = Limit, GracePeriod = TimeSpan.Zero });
        Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, 2 * Limit).Select(i => session.Proxy.SayHelloAsync($"{i}"))];
        await ActiveAsync(session, Limit);
        Task ending = what switch
        {
            "client" => session.Client.DisposeAsync().AsTask(),
            "host" => session.Host.Host.StopAsync(),
            _ => Task.Run(session.Proxy.Dispose),
        };
        foreach ((int i, Task<GreeterReplyMsg> call) in calls.Index())
        {
            IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
            Assert.That(failure!.RequestMayHaveBeenSent, Is.EqualTo(i < Limit), $"Call {i}.");
        }

        _release.SetResult();
        await ending.Within("the end");
        Assert.That(_started, Has.Count.EqualTo(Limit));
    }

    [Test]
    public async Task G2_a_burst_right_after_binding_does_not_exceed_the_limit_either()
    {
        var logger = new ListLogger();
        await using var host = new TestHost(Service(), new IpcHostOptions { MaxConcurrentCalls = 64, Logger = logger });
        await using var client = new IpcClient(host.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        Task[] calls = [.. Enumerable.Range(0, 1_000).Select(i => proxy.SayHelloAsync($"{i}"))];
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 64, "the calls");
        Assert.That(host.Host.PausedClients, Is.Zero);
        _release.SetResult();
        await Task.WhenAll(calls).Within("all replies");
        Assert.That(logger.Entries.Select(entry => entry.Text), Has.None.Contains("MaxConcurrentCalls"));
    }

    [Test]
    public async Task G2_a_client_that_does_not_read_its_streams_can_still_cancel_them()
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new TestHost(
            new ScriptedGreeter { OnWatch = (_, _) => FloodAsync(left) },
            new IpcHostOptions { MaxUnsentBytes = 100_000, WriteTimeout = Timeout.InfiniteTimeSpan }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.BindServiceReply control = client.Bind("SignalsControl").MsgBindServiceReply;
        Assert.That(control.MaxConcurrentCalls, Is.EqualTo(1024));
        IPCFrame watch = client.Call(3, "Ann");
        client.Send(watch);

        // Until the stream waits for room.
        await Bounded.UntilAsync(() => !_started.IsEmpty && NoneIsAdded(), "the stream that waits");
        client.Send(
            new IPCFrame
            {
                RequestId = watch.RequestId + 1,
                MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
                {
                    ServiceId = control.ServiceId,
                    MethodId = control.Methods.Single(method => method.Name == "Cancel").Id,
                    DropReply = true,
                    ArgsProto = Google.Protobuf.MessageExtensions.ToByteString(new CancelRequest { RequestIds = { watch.RequestId } }),
                },
            }
        );
        await left.Task.Within("the end of the stream");
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0, "the end of the call");
    }

    private bool NoneIsAdded()
    {
        int count = _started.Count;
        return !SpinWait.SpinUntil(() => _started.Count != count, TimeSpan.FromMilliseconds(100));
    }

    private async IAsyncEnumerable<GreeterReplyMsg> FloodAsync(TaskCompletionSource left)
    {
        string text = new('x', 1_000);
        try
        {
            while (true)
            {
                _started.Enqueue("");
                yield return ScriptedGreeter.Reply(text);
                await Task.Yield();
            }
        }
        finally
        {
            left.TrySetResult();
        }
    }

    private static Task ActiveAsync(TestSession session, int count) =>
        Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == count, $"{count} active calls");

    private async Task<TestSession> StartAsync(IpcHostOptions? hostOptions = null, IpcClientOptions? clientOptions = null)
    {
        TestSession session = await TestSession.StartAsync(Service(), hostOptions ?? new IpcHostOptions { MaxConcurrentCalls = Limit }, clientOptions);

        // The client has been told the limit when the third reply has arrived: it binds the control service beside the first call.
        for (int i = 0; i < 3; i++)
        {
            await session.Proxy.WaveGoodbye("Ada").Within("a reply");
        }

        return session;
    }

    private ScriptedGreeter Service() =>
        new()
        {
            OnHello = async (request, _) =>
            {
                _started.Enqueue(request.Name);
                await _release.Task;
                return ScriptedGreeter.Reply(request.Name);
            },
            OnWatch = WaitAsync,
        };

    private async IAsyncEnumerable<GreeterReplyMsg> WaitAsync(GreeterRequestMsg request, CallContext context)
    {
        await _release.Task.WaitAsync(context.CancellationToken);
        yield return ScriptedGreeter.Reply(request.Name);
    }
}
