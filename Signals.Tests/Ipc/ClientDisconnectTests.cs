using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
public sealed class ClientDisconnectTests(Medium medium) : ClientFixture(medium)
{
    private IpcClient _client = null!;
    private GreeterProxy _proxy = null!;

    [TearDown]
    public async Task DisposeClient()
    {
        await _client.DisposeAsync();
        _proxy?.Dispose();
    }

    [Test]
    public async Task C5_lost_connection_fails_calls_streams_and_bindings_and_raises_each_signal_once()
    {
        await Begin();
        using var binding = new GreeterProxy();
        SignalProbe<DisconnectReason>[] probes = [Probe.Of(_client.Disconnected), Probe.Of(_proxy.Disconnected), Probe.Of(binding.Disconnected)];
        Task bound = _client.BindAsync(binding);
        Task call = _proxy.SayHelloAsync("a");
        Task<bool> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator().MoveNextAsync().AsTask();
        for (int i = 0; i < 3; i++)
        {
            await Host.ReadFrameAsync();
        }

        Host.HangUp();
        foreach (Task failed in (Task[])[call, stream, bound])
        {
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => failed.Within("the failure"));
        }

        foreach (SignalProbe<DisconnectReason> probe in probes)
        {
            Assert.That((await probe.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
        }

        Assert.That(probes.Sum(probe => probe.WaitingCount), Is.Zero);
        Assert.That(_client.IsConnected, Is.False);
        Assert.That(_proxy.IsConnected, Is.False);
        Assert.That(_client.PendingCalls, Is.Zero);
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => _proxy.SayHelloAsync("b").Within("the failure"));
    }

    [Test]
    public async Task C5_failed_call_reports_that_its_request_had_been_sent()
    {
        await Begin();
        Task call = _proxy.SayHelloAsync("a");
        await Host.ReadFrameAsync();
        Host.HangUp();
        IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        Assert.That(exception!.RequestMayHaveBeenSent, Is.True);
        Assert.That(exception.Reason.Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
    }

    [Test]
    public async Task C5_failed_call_reports_that_its_request_had_not_been_sent()
    {
        await Begin();
        string large = new('x', 100_000);

        // The system takes the first ones; the others wait in the client, the last ones even for room there.
        Task[] calls = [.. Enumerable.Range(0, 40).Select(_ => _proxy.SayHelloAsync(large))];
        await Host.ReadFrameAsync();
        Host.HangUp();
        var wasSent = new List<bool>();
        foreach (Task call in calls)
        {
            IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
            wasSent.Add(exception!.RequestMayHaveBeenSent);
        }

        Assert.That(wasSent[0], Is.True);
        Assert.That(wasSent[^1], Is.False);
        Assert.That(wasSent, Is.Ordered.Descending, "they are sent in order");
    }

    [Test]
    public async Task C5_call_whose_request_is_being_sent_counts_as_sent()
    {
        await Begin();
        using var other = new OtherProxy();
        Task<GreeterReplyMsg> first = _proxy.SayHelloAsync("1");
        Task<GreeterReplyMsg> second = _proxy.SayHelloAsync("2");
        Task<(Task Call, Task Stream)> later = CallAndDisposeAsync();
        IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
        await Host.SendAsync([.. requests.Select(request => ScriptedHost.Reply(request.RequestId, "a"))]);
        (Task call, Task stream) = await later.Within("the disposal");
        foreach (Task failed in new[] { call, stream })
        {
            IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => failed.Within("the failure"));
            Assert.That(exception!.RequestMayHaveBeenSent, Is.True);
        }

        Assert.That((await Host.ReadFrameAsync()).MsgInvokeMethod.MethodId, Is.EqualTo(11));
        Assert.That((await Host.ReadFrameAsync()).MsgInvokeMethod.MethodId, Is.EqualTo(13));

        async Task<(Task Call, Task Stream)> CallAndDisposeAsync()
        {
            // Replies that arrive together: calls that are made between them are sent after both have been handled.
            await first.ConfigureAwait(false);
            Task call = _proxy.SayHelloAsync("3");
            Task stream = _proxy.WatchGreetings("4").GetAsyncEnumerator().MoveNextAsync().AsTask();
            _proxy.Dispose();
            return (call, stream);
        }
    }

    [Test]
    public async Task C5_call_that_counts_as_not_sent_is_never_carried_out([Values] bool disposesClient)
    {
        const int Calls = 200;
        for (int round = 0; round < 30; round++)
        {
            var carriedOut = new ConcurrentDictionary<string, bool>();
            var service = new ScriptedGreeter
            {
                OnHello = (request, _) =>
                {
                    carriedOut.TryAdd(request.Name, true);
                    return new(ScriptedGreeter.Reply(request.Name));
                },
            };
            await using var host = new TestHost(service);
            _client = new IpcClient(host.Endpoint);
            _proxy = new GreeterProxy();
            Task binding = _client.BindAsync(_proxy);
            _client.Connect();
            await binding.Within("binding");
            Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, Calls).Select(i => _proxy.SayHelloAsync($"{i}"))];
            if (disposesClient)
            {
                await _client.DisposeAsync();
            }
            else
            {
                _proxy.Dispose();
            }

            // Data that was accepted earlier has been handled by then.
            await _client.DisposeAsync();
            await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the client");
            for (int i = 0; i < Calls; i++)
            {
                await Bounded.UntilAsync(() => calls[i].IsCompleted, "the end of the call");
                if (calls[i].Exception?.InnerException is IpcDisconnectedException { RequestMayHaveBeenSent: false })
                {
                    Assert.That(carriedOut.ContainsKey($"{i}"), Is.False, $"call {i}");
                }
            }

            _proxy.Dispose();
        }
    }

    [Test]
    public async Task C5_partial_frame_of_the_lost_connection_does_not_affect_the_next_one()
    {
        await Begin(new IpcClientOptions { Reconnect = true });
        SignalProbe<bool> connected = Probe.Of(_proxy.Connected);
        byte[] frame = ScriptedHost.Encode(ScriptedHost.Reply(2, "a"));
        for (int size = 1; size < frame.Length; size++)
        {
            await Host.SendAsync(frame.AsMemory(0, size));
            Host.HangUp();
            await Host.AcceptAsync();
            await Host.ReplyToBindAsync();
            await connected.NextAsync("Connected");
            await RoundTripAsync(_proxy);
        }
    }

    [Test]
    public async Task F2_frame_over_the_limit_ends_the_connection_with_a_protocol_error()
    {
        await Begin();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(_client.Disconnected);
        await Host.SendAsync(new byte[] { 0xFD, 0xFF, 0x01, 0x00 });
        DisconnectReason reason = await disconnected.NextAsync("Disconnected");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.ProtocolError));
        Assert.That(reason.Message, Does.Contain("131072"));
    }

    [Test]
    public async Task F3_payload_that_cannot_be_parsed_is_dropped_and_the_next_frame_is_read()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a");
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        byte[] bad = [2, 0, 0, 0, 0x0B, 0x07];
        await Host.SendAsync((byte[])[.. bad, 0, 0, 0, 0, .. bad, .. ScriptedHost.Encode(ScriptedHost.Reply(requestId, "b"))]);
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("b"));
    }

    [Test]
    public async Task F4_unknown_fields_and_kinds_do_not_end_the_connection()
    {
        await Begin();
        byte[] unknownKind = [4, 0, 0, 0, 0x10, 0x02, 0x7A, 0x00];
        byte[] request = ScriptedHost.Encode(
            new IPCFrame
            {
                RequestId = 1,
                MsgBindService = new IPCFrame.Types.BindService { ServiceName = "x" },
            }
        );
        await Host.SendAsync((byte[])[.. unknownKind, .. request]);
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C7_disposed_proxy_does_not_raise_queued_events()
    {
        using var evaluator = new ConnectionEvaluator();
        _client = await ConnectPumpedAsync(evaluator);
        _proxy = new GreeterProxy();
        int raised = 0;
        _proxy.Connected.Connect(() => raised++);
        _proxy.Disconnected.Connect(_ => raised++);
        Task binding = _client.BindAsync(_proxy);
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        Assert.That(evaluator.PendingCount, Is.EqualTo(1), "Connected waits to be delivered");
        _proxy.Dispose();
        Assert.That(evaluator.PendingCount, Is.Zero);
        Host.HangUp();
        await Bounded.UntilAsync(() => !_client.IsConnected, "the disconnection");
        evaluator.EvaluateDeferredConnections();
        Assert.That(raised, Is.Zero);
    }

    [Test]
    public async Task C7_disposed_proxy_removes_its_queued_disconnection()
    {
        using var evaluator = new ConnectionEvaluator();
        _client = await ConnectPumpedAsync(evaluator);
        _proxy = new GreeterProxy();
        int raised = 0;
        _proxy.Disconnected.Connect(_ => raised++);
        Task binding = _client.BindAsync(_proxy);
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        evaluator.EvaluateDeferredConnections();
        Host.HangUp();
        await Bounded.UntilAsync(() => evaluator.PendingCount == 2, "the disconnection of the proxy and of the client");
        _proxy.Dispose();
        Assert.That(evaluator.PendingCount, Is.EqualTo(1), "that of the client");
        evaluator.EvaluateDeferredConnections();
        Assert.That(raised, Is.Zero);
    }

    [Test]
    public async Task C7_disposing_a_proxy_fails_only_its_calls_and_ignores_their_replies()
    {
        await Begin();
        Task call = _proxy.SayHelloAsync("a");
        Task<bool> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator().MoveNextAsync().AsTask();
        IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
        _proxy.Dispose();
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => stream.Within("the failure"));
        Assert.That(() => _proxy.SayHelloAsync("b"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(_client.PendingCalls, Is.Zero);
        await Host.SendAsync([.. requests.Select(request => ScriptedHost.Reply(request.RequestId, "late"))]);

        using var next = new GreeterProxy();
        Task binding = _client.BindAsync(next);
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        await RoundTripAsync(next);
    }

    [Test]
    public async Task C7_disposing_a_proxy_fails_only_its_one_way_calls_that_wait_for_room()
    {
        await Begin(new IpcClientOptions { MaxUnsentBytes = 1 });
        string large = new('x', 100_000);
        Task[] told = [.. Enumerable.Range(0, 30).Select(_ => _proxy.Tell(large).AsTask())];
        Assert.That(told[^1].IsCompleted, Is.False);
        using var other = new OtherProxy();
        Task binding = _client.BindAsync(other);
        _proxy.Dispose();
        await Bounded.UntilAsync(() => told.All(call => call.IsCompleted), "the failures");
        int accepted = told.Count(call => call.IsCompletedSuccessfully);
        Assert.That(accepted, Is.LessThan(told.Length));
        foreach (Task call in told.Skip(accepted))
        {
            IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => call);
            Assert.That((exception!.RequestMayHaveBeenSent, exception.Reason.Message), Is.EqualTo((false, "The proxy was disposed.")));
        }

        // Failed calls are not sent. The accepted frames arrive, then the request of the other proxy, and then its call.
        ulong bindRequest = 0;
        for (int i = 0; i <= accepted; i++)
        {
            IPCFrame frame = await Host.ReadFrameAsync();
            bindRequest = frame.MsgCase == IPCFrame.MsgOneofCase.MsgBindService ? frame.RequestId : bindRequest;
        }

        await Host.SendAsync(ScriptedHost.BindReply(bindRequest, serviceId: 8));
        await binding.Within("binding");
        using var next = new GreeterProxy();
        _client.Bind(next);
        Assert.That((await Host.ReadFrameAsync()).MsgCase, Is.EqualTo(IPCFrame.MsgOneofCase.MsgBindService));
    }

    [Test]
    public async Task C7_disposing_a_proxy_with_a_pending_binding_does_not_occupy_the_service()
    {
        _client = await ConnectAsync();
        _proxy = new GreeterProxy();
        Task binding = _client.BindAsync(_proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        _proxy.Dispose();
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the failure"));
        await Host.SendAsync(ScriptedHost.BindReply(request.RequestId));
        using var next = new GreeterProxy();
        Task again = _client.BindAsync(next);
        await Host.ReplyToBindAsync();
        await again.Within("binding");
    }

    [Test]
    public async Task C7_disposing_the_client_is_a_lost_connection_for_its_proxies()
    {
        await Begin();
        SignalProbe<DisconnectReason> ofProxy = Probe.Of(_proxy.Disconnected);
        SignalProbe<DisconnectReason> ofClient = Probe.Of(_client.Disconnected);
        Task call = _proxy.SayHelloAsync("a");
        await _client.DisposeAsync();
        Assert.That((_client.PendingCalls, _proxy.IsConnected), Is.EqualTo((0, false)), "at once");
        Assert.That((await ofProxy.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedLocally));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        Assert.That(ofProxy.WaitingCount, Is.Zero);
        Assert.That(ofClient.WaitingCount, Is.Zero);
        Assert.That(() => _client.Bind(new GreeterProxy()), Throws.InstanceOf<ObjectDisposedException>());
        await _client.DisposeAsync();
    }

    [TestCase("proxy connected")]
    [TestCase("client connected")]
    [TestCase("proxy disconnected")]
    [TestCase("client disconnected")]
    [TestCase("reply")]
    [TestCase("stream")]
    public async Task C7_client_may_be_disposed_inside_any_callback(string where)
    {
        var options = new IpcClientOptions { Reconnect = true };
        _client = new IpcClient(Endpoint, options);
        _proxy = new GreeterProxy();
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SignalProbe<DisconnectReason> disconnected = Probe.Of(_proxy.Disconnected);
        (
            where switch
            {
                "proxy connected" => _proxy.Connected,
                "client connected" => _client.Connected,
                _ => new Signal(),
            }
        ).Connect(Dispose);
        (
            where switch
            {
                "proxy disconnected" => _proxy.Disconnected,
                "client disconnected" => _client.Disconnected,
                _ => new Signal<DisconnectReason>(),
            }
        ).Connect(Dispose);
        Task binding = _client.BindAsync(_proxy);
        _client.Connect();
        await Host.AcceptAsync();
        if (where != "client connected")
        {
            await Host.ReplyToBindAsync();
        }

        if (where is "reply" or "stream")
        {
            await binding.Within("binding");
            _ = where == "reply" ? DisposeAfterReply() : DisposeInsideStream();
            await ReplyAsync("a");
        }
        else if (where.EndsWith("disconnected", StringComparison.Ordinal))
        {
            await binding.Within("binding");
            Host.HangUp();
        }

        await disposed.Task.Within("the disposal");
        await disconnected.NextAsync("the proxy's Disconnected");
        Assert.That(_client.IsConnected, Is.False);
        Assert.That(_proxy.IsConnected, Is.False);

        void Dispose()
        {
            Assert.That(_client.DisposeAsync().AsTask().IsCompleted, Is.True);
            disposed.TrySetResult();
        }

        async Task DisposeAfterReply()
        {
            await _proxy.SayHelloAsync("a").ConfigureAwait(false);
            Dispose();
        }

        async Task DisposeInsideStream()
        {
            await foreach (GreeterReplyMsg _ in _proxy.WatchGreetings("a").ConfigureAwait(false))
            {
                Dispose();
            }
        }
    }

    [Test]
    public async Task K1_every_callback_runs_on_the_thread_that_evaluates()
    {
        using var evaluator = new ThreadEvaluator("callbacks");
        await Begin(new IpcClientOptions { Evaluator = evaluator });
        var thread = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.Disconnected.Connect(() => thread.TrySetResult(Thread.CurrentThread.Name));
        Host.HangUp();
        Assert.That(await thread.Task.Within("Disconnected"), Is.EqualTo("callbacks"));
    }

    [Test]
    public async Task C5_call_made_while_the_others_fail_also_fails_and_is_not_sent()
    {
        await Begin();
        var later = new TaskCompletionSource<Exception[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = CallAndCallAgainAsync();
        await Host.ReadFrameAsync();
        Host.HangUp();
        await first.Within("the failures");
        foreach (Exception failure in await later.Task.Within("the later failures"))
        {
            Assert.That(failure, Is.TypeOf<IpcDisconnectedException>());
            var disconnected = (IpcDisconnectedException)failure;
            Assert.That((disconnected.RequestMayHaveBeenSent, disconnected.Reason.Cause), Is.EqualTo((false, DisconnectCause.ClosedByPeer)));
        }

        async Task CallAndCallAgainAsync()
        {
            try
            {
                await _proxy.SayHelloAsync("a").ConfigureAwait(false);
            }
            catch (IpcDisconnectedException)
            {
                // This runs while the other calls are being failed.
                Task[] calls =
                [
                    _proxy.SayHelloAsync("b"),
                    _proxy.Tell("c").AsTask(),
                    Task.Run(() => _proxy.WatchGreetings("d").GetAsyncEnumerator().MoveNextAsync().AsTask()),
                ];
                await Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default);
                later.SetResult([.. calls.Select(call => call.Exception!.InnerException!)]);
            }
        }
    }

    [Test]
    public async Task C7_failures_name_the_disposed_object()
    {
        await Begin();
        using var other = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(other.Disconnected);
        Task call = _proxy.SayHelloAsync("a");
        await Host.ReadFrameAsync();
        _proxy.Dispose();
        IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        Assert.That(exception!.Reason.Message, Is.EqualTo("The proxy was disposed."));
        Assert.That(exception.Message, Does.Contain("may or may not have been carried out").And.EndWith(exception.Reason.Message));
        Task binding = _client.BindAsync(other);
        await Host.ReadFrameAsync();
        await _client.DisposeAsync();
        exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the failure"));
        Assert.That(exception!.Reason.Message, Is.EqualTo("The client was disposed."));
        Assert.That((exception.Message, exception.RequestMayHaveBeenSent), Is.EqualTo(("The proxy was not bound. The client was disposed.", false)));
        Assert.That((await disconnected.NextAsync("Disconnected")).ToString(), Is.EqualTo("The client was disposed."));
    }

    [Test]
    public async Task C7_signals_of_a_disposed_client_accept_no_slots_and_do_not_raise_queued_events()
    {
        using var evaluator = new ConnectionEvaluator();
        _client = await ConnectAsync(new IpcClientOptions { Evaluator = evaluator });
        int raised = 0;
        _client.Connected.Connect(() => raised++);
        await evaluator.WaitForInvocationsAsync().Within("Connected");
        await _client.DisposeAsync();
        evaluator.EvaluateDeferredConnections();
        Assert.That(raised, Is.Zero);
        Assert.That(() => _client.Connected.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _client.ConnectFailed.Connect(_ => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _client.Disconnected.Connect(_ => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task C7_signals_of_a_disposed_proxy_accept_no_slots()
    {
        await Begin();
        _proxy.Dispose();
        Assert.That(() => _proxy.Connected.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => _proxy.Disconnected.Connect(_ => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task K1_evaluator_that_cannot_be_woken_is_logged_and_has_no_further_effect()
    {
        var logger = new ListLogger();
        using var evaluator = new UnwakeableEvaluator();
        _client = new IpcClient(Endpoint, new IpcClientOptions { Evaluator = evaluator, Logger = logger });
        _proxy = new GreeterProxy();
        int connected = 0;
        _client.Connected.Connect(() => connected++);
        Task binding = _client.BindAsync(_proxy);
        Task connecting = _client.ConnectAsync();
        await Host.AcceptAsync();
        await Host.ReplyToBindAsync();
        await connecting.Within("connecting");
        await binding.Within("binding");
        await RoundTripAsync(_proxy);
        Assert.That(
            logger.Entries.Where(entry => entry.Level == LogLevel.Error).Select(entry => (entry.Text, entry.Exception!.Message)),
            Is.EqualTo(Enumerable.Repeat(($"Client of {Endpoint}: the evaluator could not be notified of an event", "asleep"), 2))
        );
        evaluator.EvaluateDeferredConnections();
        Assert.That(connected, Is.EqualTo(1), "Queued events are not lost.");
    }

    private async Task Begin(IpcClientOptions? options = null) => (_client, _proxy) = await BindAsync(options);

    /// <summary>Connects a client whose evaluator the test evaluates, and leaves nothing queued.</summary>
    private async Task<IpcClient> ConnectPumpedAsync(ConnectionEvaluator evaluator)
    {
        IpcClient client = await ConnectAsync(new IpcClientOptions { Evaluator = evaluator });
        await evaluator.WaitForInvocationsAsync().Within("Connected");
        evaluator.EvaluateDeferredConnections();
        return client;
    }
}
