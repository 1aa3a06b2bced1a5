using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Connections;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
public sealed class ClientCallTests(Medium medium) : ClientFixture(medium)
{
    private IpcClient _client = null!;
    private GreeterProxy _proxy = null!;

    [TearDown]
    public async Task DisposeClient()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _proxy?.Dispose();
    }

    [Test]
    public async Task H7_text_from_a_host_is_quoted_on_one_line()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using (client)
        {
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            IPCFrame request = await Host.ReadFrameAsync();
            await Host.SendAsync(
                new IPCFrame
                {
                    RequestId = request.RequestId,
                    MsgRequestError = new IPCFrame.Types.RequestError { Error = "no\u2028[Critical] forged" },
                }
            );
            IpcCallException? exception = await Assert.ThrowsAsync<IpcCallException>(() => call.Within("the failure"));
            Assert.That(exception!.Message, Is.EqualTo("The host replied to the call with an error: no\\u{2028}[Critical] forged"));
        }
    }

    [Test]
    public async Task C10_call_uses_the_ids_of_the_host_and_returns_the_reply()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("Ada");
        IPCFrame request = await ReplyAsync("Hello Ada");
        Assert.That(request.RequestId, Is.EqualTo(2));
        Assert.That(request.MsgInvokeMethod.ServiceId, Is.EqualTo(ScriptedHost.ServiceId));
        Assert.That(request.MsgInvokeMethod.MethodId, Is.EqualTo(11));
        Assert.That(request.MsgInvokeMethod.HasDropReply, Is.False);
        Assert.That(GreeterRequestMsg.Parser.ParseFrom(request.MsgInvokeMethod.ArgsProto).Name, Is.EqualTo("Ada"));
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
    }

    [Test]
    public async Task C10_replies_in_any_order_complete_their_calls()
    {
        await Begin();
        Task<GreeterReplyMsg>[] calls = [.. Enumerable.Range(0, 20).Select(i => _proxy.SayHelloAsync($"{i}"))];
        var requests = new List<IPCFrame>();
        foreach (Task<GreeterReplyMsg> _ in calls)
        {
            requests.Add(await Host.ReadFrameAsync());
        }

        Assert.That(_client.PendingCalls, Is.EqualTo(20));
        requests.Reverse();
        await Host.SendAsync([.. requests.Select(Echo)]);
        for (int i = 0; i < calls.Length; i++)
        {
            Assert.That((await calls[i].Within("the reply")).Message, Is.EqualTo($"{i}"));
        }

        Assert.That(_client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task C9_replies_to_unknown_requests_are_ignored()
    {
        await Begin();
        await Host.SendAsync(
            ScriptedHost.Reply(99, "nobody"),
            ScriptedHost.Reply(0, "nobody"),
            ScriptedHost.BindReply(98),
            new IPCFrame { RequestId = 2 }
        );
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C9_reply_that_cannot_be_decoded_fails_only_its_call()
    {
        await Begin();
        Task<GreeterReplyMsg> bad = _proxy.SayHelloAsync("a");
        Task<GreeterReplyMsg> good = _proxy.SayHelloAsync("b");
        IPCFrame reply = ScriptedHost.Reply((await Host.ReadFrameAsync()).RequestId, "");
        reply.MsgInvokeMethodReply.ReplyProto = ByteString.CopyFrom(0x0A, 0x7F);
        await Host.SendAsync(reply, Echo(await Host.ReadFrameAsync()));
        IpcCallException? exception = await Assert.ThrowsAsync<IpcCallException>(() => bad.Within("the failure"));
        Assert.That(exception!.Message, Does.Contain("Greeter.SayHello"));
        Assert.That((await good.Within("the reply")).Message, Is.EqualTo("b"));
    }

    [Test]
    public async Task C10_call_that_the_host_did_not_carry_out_fails()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a");
        await Host.SendAsync(ScriptedHost.Reply((await Host.ReadFrameAsync()).RequestId, null, success: false));
        await Assert.ThrowsAsync<IpcCallException>(() => call.Within("the failure"));
        Task<GreeterReplyMsg> misunderstood = _proxy.SayHelloAsync("b");
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(
            new IPCFrame
            {
                RequestId = requestId,
                MsgRequestError = new IPCFrame.Types.RequestError { Error = "what?" },
            }
        );
        IpcCallException? exception = await Assert.ThrowsAsync<IpcCallException>(() => misunderstood.Within("the failure"));
        Assert.That(exception!.Message, Does.Contain("what?"));
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C10_successful_reply_without_a_message_is_an_empty_message()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a");
        await Host.SendAsync(ScriptedHost.Reply((await Host.ReadFrameAsync()).RequestId, null));
        Assert.That((await call.Within("the reply")).HasMessage, Is.False);
    }

    [Test]
    public async Task C10_canceling_ends_the_call_immediately_and_ignores_its_reply()
    {
        await Begin();
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a", cancellation.Token);
        IPCFrame request = await Host.ReadFrameAsync();
        await cancellation.CancelAsync();
        Assert.That(_client.PendingCalls, Is.Zero);
        await Assert.ThrowsAsync<TaskCanceledException>(() => call.Within("the end of the call"));
        await Host.SendAsync(ScriptedHost.Reply(request.RequestId, "late"));
        await RoundTripAsync(_proxy);
        Assert.That(_proxy.SayHelloAsync("b", cancellation.Token).IsCanceled, Is.True, "canceled before it began");
    }

    [Test]
    public async Task C10_call_times_out_after_the_time_of_the_options()
    {
        var time = new FakeTime();
        await Begin(new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(5), TimeProvider = time });
        Task<GreeterReplyMsg> first = _proxy.SayHelloAsync("a");
        time.Advance(TimeSpan.FromSeconds(3));
        Task<GreeterReplyMsg> second = _proxy.SayHelloAsync("b");
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(first.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.2));
        TimeoutException? exception = await Assert.ThrowsAsync<TimeoutException>(() => first.Within("the timeout"));
        Assert.That(exception!.Message, Does.Contain("Greeter.SayHello"));
        Assert.That(second.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<TimeoutException>(() => second.Within("the timeout"));
        Assert.That(_client.PendingCalls, Is.Zero);

        // Late replies are ignored.
        await Host.SendAsync(Echo(await Host.ReadFrameAsync()), Echo(await Host.ReadFrameAsync()));
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C10_one_way_call_requests_no_reply()
    {
        await Begin();
        ValueTask sending = _proxy.Tell("a");
        Assert.That(sending.IsCompletedSuccessfully, Is.True);
        IPCFrame request = await Host.ReadFrameAsync();
        Assert.That(request.MsgInvokeMethod.DropReply, Is.True);
        Assert.That(request.MsgInvokeMethod.MethodId, Is.EqualTo(11));
        Assert.That(request.RequestId, Is.EqualTo(2));
        Assert.That(_client.PendingCalls, Is.Zero);
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("b");
        Assert.That((await ReplyAsync("b")).RequestId, Is.EqualTo(3), "request ids increase by one");
        await call.Within("the reply");
    }

    [Test]
    public async Task C10_only_a_successful_stream_has_further_replies()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a");
        await Host.SendAsync(ScriptedHost.Reply((await Host.ReadFrameAsync()).RequestId, "1", hasMore: true));
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("1"));
        Assert.That(_client.PendingCalls, Is.Zero);
        Task<bool> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator().MoveNextAsync().AsTask();
        await Host.SendAsync(ScriptedHost.Reply((await Host.ReadFrameAsync()).RequestId, null, hasMore: true, success: false));
        await Assert.ThrowsAsync<IpcCallException>(() => stream.Within("the failure"));
        Assert.That(_client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task Only_active_call_is_sent_by_its_caller()
    {
        await Begin();
        for (int i = 0; i < 10; i++)
        {
            Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a");
            Assert.That(Host.Available, Is.Positive);
            await ReplyAsync("b");
            await call.Within("the reply");
        }
    }

    [Test]
    public async Task C10_stream_delivers_every_message_in_order_and_ends()
    {
        await Begin();
        Task<string[]> reading = ReadAll(_proxy.WatchGreetings("a"));
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true), ScriptedHost.Reply(requestId, "2", hasMore: true));
        await Host.SendAsync(ScriptedHost.Reply(requestId, "3"));
        Assert.That(await reading.Within("the stream's end"), Is.EqualTo((string[])["1", "2", "3"]));
        Assert.That(_client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task C10_final_reply_without_a_message_only_ends_the_stream()
    {
        await Begin();
        Task<string[]> reading = ReadAll(_proxy.WatchGreetings("a"));
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true), ScriptedHost.Reply(requestId, null));
        Assert.That(await reading.Within("the stream's end"), Is.EqualTo((string[])["1"]));
    }

    [Test]
    public async Task C10_failing_stream_delivers_earlier_replies_first()
    {
        await Begin();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true), ScriptedHost.Reply(requestId, null, success: false));
        await RoundTripAsync(_proxy);
        Assert.That(await stream.MoveNextAsync().Within("the first message"), Is.True);
        Assert.That(stream.Current.Message, Is.EqualTo("1"));
        await Assert.ThrowsAsync<IpcCallException>(() => stream.MoveNextAsync().Within("the failure"));
    }

    [Test]
    public async Task C10_leaving_a_stream_frees_its_state_and_ignores_later_messages()
    {
        await Begin();
        ulong requestId;
        await using (IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator())
        {
            requestId = (await Host.ReadFrameAsync()).RequestId;
            Assert.That(_client.PendingCalls, Is.EqualTo(1));
        }

        Assert.That(_client.PendingCalls, Is.Zero);
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true));
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C10_either_token_cancels_a_stream()
    {
        await Begin();
        foreach (bool ofCall in new[] { true, false })
        {
            using var cancellation = new CancellationTokenSource();
            IAsyncEnumerable<GreeterReplyMsg> call = _proxy.WatchGreetings("a", ofCall ? cancellation.Token : default);
            await using IAsyncEnumerator<GreeterReplyMsg> stream = call.GetAsyncEnumerator(ofCall ? default : cancellation.Token);
            await Host.ReadFrameAsync();
            Task<bool> next = stream.MoveNextAsync().AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => next.Within("the end of the stream"));
            Assert.That(_client.PendingCalls, Is.Zero);
        }
    }

    [Test]
    public async Task C10_stream_whose_reader_is_too_slow_fails_alone()
    {
        await Begin(new IpcClientOptions { MaxBufferedStreamBytes = 84, StreamOverflow = StreamOverflow.Fail });
        await using IAsyncEnumerator<GreeterReplyMsg> slow = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        IPCFrame reply = ScriptedHost.Reply(requestId, "12345678", hasMore: true);
        await Host.SendAsync(reply, reply, reply);
        await RoundTripAsync(_proxy);
        Assert.That(await slow.MoveNextAsync(), Is.True);
        Assert.That(await slow.MoveNextAsync(), Is.True);
        IpcException? exception = await Assert.ThrowsAsync<IpcException>(() => slow.MoveNextAsync().Within("the failure"));
        Assert.That(exception!.Message, Does.Contain("too slow"));
        Assert.That(_client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task Reply_resumes_its_awaiter_on_the_receiving_thread()
    {
        await Begin();
        int replyThread = 0;
        int streamThread = 1;

        // Both arrive in one read. On a machine that is busy, the first thread may be taken for one that is blocked, so that another one handles the rest (G3).
        for (int attempt = 0; attempt < 20 && replyThread != streamThread; attempt++)
        {
            Task both = Task.WhenAll(AwaitCall(), AwaitStream());
            IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
            await Host.SendAsync([.. requests.Select(Echo)]);
            await both.Within("the replies");
        }

        Assert.That(replyThread, Is.EqualTo(streamThread));

        async Task AwaitCall()
        {
            await _proxy.SayHelloAsync("a").ConfigureAwait(false);
            replyThread = Environment.CurrentManagedThreadId;
        }

        async Task AwaitStream()
        {
            await foreach (GreeterReplyMsg _ in _proxy.WatchGreetings("a").ConfigureAwait(false))
            {
                streamThread = Environment.CurrentManagedThreadId;
            }
        }
    }

    [Test]
    public async Task Descriptor_decides_which_types_a_method_has()
    {
        await Begin();
        Assert.That(_proxy.CallWithWrongReply, Throws.InvalidOperationException.With.Message.Contains("GreeterReplyMsg"));
        Assert.That(_proxy.CallWithWrongRequest, Throws.InvalidOperationException.With.Message.Contains("GreeterRequestMsg"));
        Assert.That(_proxy.CallUnknown, Throws.InvalidOperationException.With.Message.Contains("SayHello, WaveGoodbye, WatchGreetings"));
        Assert.That(
            _proxy.CallStreamAsCall,
            Throws.InvalidOperationException.With.Message.EqualTo("Greeter.WatchGreetings returns a stream. Call it with StreamAsync.")
        );
        Assert.That(
            _proxy.CallCallAsStream,
            Throws.InvalidOperationException.With.Message.EqualTo("Greeter.SayHello returns a single reply. Call it with CallAsync.")
        );
    }

    [Test]
    public async Task Null_requests_are_refused_by_name()
    {
        await Begin();
        Assert.That(_proxy.CallWithNull, Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
        Assert.That(() => _proxy.TellNull(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
        Assert.That(_proxy.WatchNull, Throws.ArgumentNullException.With.Property("ParamName").EqualTo("request"));
        Assert.That(() => new NoProxy(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("descriptor"));
    }

    [Test]
    public void Disposing_a_proxy_disposes_resources_of_derived_classes()
    {
        var proxy = new DisposableProxy();
        proxy.Dispose();
        Assert.That(proxy.Disposing, Is.EqualTo((bool[])[true]));
    }

    [Test]
    public async Task Message_over_the_limit_fails_its_call_alone()
    {
        await Begin(new IpcClientOptions { MaxFrameSize = 512 });
        string large = new('x', 600);
        IpcException? exception = await Assert.ThrowsAsync<IpcException>(() => _proxy.SayHelloAsync(large).Within("the failure"));
        Assert.That(exception!.Message, Does.Contain("512"));
        await Assert.ThrowsAsync<IpcException>(() => _proxy.Tell(large).Within("the failure"));
        Assert.That(_client.PendingCalls, Is.Zero);
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task Proxy_without_a_connection_fails_its_calls()
    {
        _proxy = new GreeterProxy();
        IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => _proxy.SayHelloAsync("a").Within("the failure"));
        Assert.That(exception!.RequestMayHaveBeenSent, Is.False);
        Assert.That(exception.Reason.Message, Does.Contain("Greeter").And.Contain("IpcClient.Bind"));
        Assert.That(_proxy.SayHelloAsync("a", new CancellationToken(canceled: true)).IsCanceled, Is.True, "canceled before this was checked");
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => _proxy.Tell("a").Within("the failure"));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => ReadAll(_proxy.WatchGreetings("a")).Within("the failure"));
    }

    [Test]
    public async Task C10_call_that_was_canceled_before_it_began_is_not_sent()
    {
        await Begin();
        var cancelled = new CancellationToken(canceled: true);
        Assert.That(_proxy.SayHelloAsync("call", cancelled).IsCanceled, Is.True);
        Assert.That(_proxy.Tell("one way", cancelled).AsTask().IsCanceled, Is.True);
        Assert.That(() => ReadAll(_proxy.WatchGreetings("stream", cancelled)).Within("the stream's end"), Throws.InstanceOf<OperationCanceledException>());
        await using IAsyncEnumerator<GreeterReplyMsg> enumeration = _proxy.WatchGreetings("enumeration").GetAsyncEnumerator(cancelled);
        Assert.That(() => enumeration.MoveNextAsync().Within("the stream's end"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_client.PendingCalls, Is.Zero);
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C10_each_call_has_its_own_timeout_and_streams_have_none()
    {
        var time = new FakeTime();
        await Begin(new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(5), TimeProvider = time });
        Task<bool> stream = _proxy.WatchGreetings("stream").GetAsyncEnumerator().MoveNextAsync().AsTask();
        Assert.That(time.Due, Is.Empty, "A stream needs no timer.");
        Task[] calls = new Task[4];
        for (int second = 0; second < calls.Length; second++)
        {
            calls[second] = _proxy.SayHelloAsync($"{second}");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        for (int first = 0; first < calls.Length; first++)
        {
            time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
            Assert.That(calls[first].IsCompleted, Is.False);
            time.Advance(TimeSpan.FromTicks(1));
            await Assert.ThrowsAsync<TimeoutException>(() => calls[first].Within("the timeout"));
            Assert.That(calls.Skip(first + 1).Any(call => call.IsCompleted), Is.False);
        }

        Assert.That(time.Due, Is.Empty);
        Assert.That(_client.PendingCalls, Is.EqualTo(1));
        Assert.That(stream.IsCompleted, Is.False);

        // The timer serves those that come later, too, and ends with the connection.
        Task late = _proxy.SayHelloAsync("late");
        Assert.That(time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(5)]));
        Assert.That(time.Timers, Is.EqualTo(2), "One is for retries, the other for all calls.");
        Host.HangUp();
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => late.Within("the failure"));
        Assert.That(time.Due, Is.Empty);
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => stream.Within("the failure"));
    }

    [Test]
    public async Task C10_one_way_calls_that_wait_for_room_request_no_reply()
    {
        await Begin(new IpcClientOptions { MaxUnsentBytes = 1 });
        string large = new('x', 100_000);
        ValueTask[] sends = [.. Enumerable.Range(0, 30).Select(_ => _proxy.Tell(large))];
        Assert.That(sends[^1].IsCompleted, Is.False);
        var ids = new List<ulong>();
        foreach (ValueTask _ in sends)
        {
            IPCFrame frame = await Host.ReadFrameAsync();
            Assert.That(frame.MsgInvokeMethod.DropReply, Is.True);
            ids.Add(frame.RequestId);
        }

        Assert.That(ids, Is.Unique.And.Ordered);

        foreach (ValueTask send in sends)
        {
            await send.Within("acceptance");
        }

        Assert.That(_client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task C10_one_way_call_that_waits_for_room_and_is_too_large_fails_alone()
    {
        await Begin(new IpcClientOptions { MaxUnsentBytes = 1 });
        string large = new('x', 100_000);
        ValueTask[] sends = [.. Enumerable.Range(0, 30).Select(i => _proxy.Tell(i == 28 ? large + large : large))];
        for (int i = 0; i < sends.Length - 1; i++)
        {
            await Host.ReadFrameAsync();
        }

        await Assert.ThrowsAsync<IpcException>(() => sends[28].Within("the failure"));
        await sends[29].Within("acceptance");
        await RoundTripAsync(_proxy);
    }

    [Test]
    public async Task C10_ended_calls_and_streams_release_their_tokens()
    {
        await Begin();
        using var ofCall = new CancellationTokenSource();
        using var ofEnumeration = new CancellationTokenSource();
        WeakReference[] replies = await CallEverythingAsync();
        await Bounded.UntilAsync(
            () =>
            {
                Garbage.Collect();
                return !replies.Any(reply => reply.IsAlive);
            },
            "the end of the calls with a reply"
        );

        async Task<WeakReference[]> CallEverythingAsync()
        {
            Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a", ofCall.Token);
            await ReplyAsync("1");
            IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a", ofCall.Token).GetAsyncEnumerator(ofEnumeration.Token);
            await ReplyAsync("2");
            Assert.That(await stream.MoveNextAsync().Within("the reply"), Is.True);
            Assert.That(await stream.MoveNextAsync().Within("the end"), Is.False);
            return [new WeakReference(await call), new WeakReference(stream)];
        }
    }

    [Test]
    public async Task C5_failed_calls_release_their_tokens()
    {
        await Begin();
        using var cancellation = new CancellationTokenSource();
        WeakReference[] failed = await FailEverythingAsync();
        await Bounded.UntilAsync(
            () =>
            {
                Garbage.Collect();
                return !failed.Any(call => call.IsAlive);
            },
            "the end of what has failed"
        );

        async Task<WeakReference[]> FailEverythingAsync()
        {
            Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a", cancellation.Token);
            IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a", cancellation.Token).GetAsyncEnumerator(cancellation.Token);
            await Host.ReadFrameAsync();
            Host.HangUp();
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => stream.MoveNextAsync().Within("the failure"));
            return [new WeakReference(call), new WeakReference(stream)];
        }
    }

    [Test]
    public async Task C10_unread_replies_remain_after_the_end_of_the_stream([Values] bool hasLastMessage)
    {
        await Begin();
        IAsyncEnumerable<GreeterReplyMsg> stream = _proxy.WatchGreetings("a");
        await using IAsyncEnumerator<GreeterReplyMsg> reader = stream.GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(
            ScriptedHost.Reply(requestId, "1", hasMore: true),
            ScriptedHost.Reply(requestId, "2", hasMore: true),
            ScriptedHost.Reply(requestId, hasLastMessage ? "3" : null)
        );
        await RoundTripAsync(_proxy);
        Assert.That(_client.PendingCalls, Is.Zero);
        var messages = new List<string>();
        while (await reader.MoveNextAsync().Within("a message"))
        {
            messages.Add(reader.Current.Message);
        }

        Assert.That(messages, Is.EqualTo(hasLastMessage ? (string[])["1", "2", "3"] : ["1", "2"]));
    }

    [Test]
    public async Task C10_stream_has_one_reader_at_a_time()
    {
        await Begin();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        Task<bool> first = stream.MoveNextAsync().AsTask();
        Assert.That(() => stream.MoveNextAsync(), Throws.InvalidOperationException.With.Message.Contains("Greeter.WatchGreetings"));
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true));
        Assert.That(await first.Within("the reply"), Is.True);
        Assert.That(stream.Current.Message, Is.EqualTo("1"));
    }

    [Test]
    public async Task C10_buffer_of_a_stream_counts_only_unread_replies()
    {
        await Begin(new IpcClientOptions { MaxBufferedStreamBytes = 84, StreamOverflow = StreamOverflow.Fail });
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;

        // Ten bytes each and 32 more: two may wait.
        IPCFrame reply = ScriptedHost.Reply(requestId, "12345678", hasMore: true);
        for (int i = 0; i < 5; i++)
        {
            await Host.SendAsync(reply, reply);
            await RoundTripAsync(_proxy);
            Assert.That(await stream.MoveNextAsync().Within("a message"), Is.True);
            Assert.That(await stream.MoveNextAsync().Within("a message"), Is.True);
        }

        await Host.SendAsync(ScriptedHost.Reply(requestId, null));
        Assert.That(await stream.MoveNextAsync().Within("the end"), Is.False);
    }

    [Test]
    public async Task C11_unread_stream_of_empty_replies_ends()
    {
        await Begin(new IpcClientOptions { MaxBufferedStreamBytes = 3200, StreamOverflow = StreamOverflow.Fail });
        await using IAsyncEnumerator<GreeterReplyMsg> slow = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync([.. Enumerable.Repeat(ScriptedHost.Reply(requestId, null, hasMore: true), 101)]);
        await RoundTripAsync(_proxy);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(await slow.MoveNextAsync(), Is.True);
        }

        await Assert.ThrowsAsync<IpcException>(() => slow.MoveNextAsync().Within("the failure"));
    }

    [Test]
    public async Task C10_leaving_a_stream_drops_its_buffered_replies()
    {
        await Begin();
        IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true), ScriptedHost.Reply(requestId, "2", hasMore: true));
        await RoundTripAsync(_proxy);
        Assert.That(await stream.MoveNextAsync(), Is.True);
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        Assert.That(await stream.MoveNextAsync(), Is.False);
    }

    [Test]
    public async Task C10_canceled_stream_ends_without_its_buffered_replies()
    {
        await Begin();
        using var cancellation = new CancellationTokenSource();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _proxy.WatchGreetings("a", cancellation.Token).GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: true));
        await RoundTripAsync(_proxy);
        await cancellation.CancelAsync();
        OperationCanceledException? exception = await Assert.ThrowsAsync<OperationCanceledException>(() => stream.MoveNextAsync().AsTask());
        Assert.That(exception!.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public async Task One_way_calls_made_while_a_reply_is_handled_are_sent_if_they_are_large_enough()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _proxy.SayHelloAsync("a");
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        Task<bool> arrival = TellAsync();
        await Host.SendAsync(ScriptedHost.Reply(requestId, "b"));
        Assert.That(await arrival.Within("the calls"), Is.True);

        async Task<bool> TellAsync()
        {
            await call.ConfigureAwait(false);

            for (int i = 0; i < SendBuffers.FramesOfBatch; i++)
            {
                await _proxy.Tell("sixteen letters.").ConfigureAwait(false);
            }

            return SpinWait.SpinUntil(() => Host.Available > 0, Bounded.Limit);
        }
    }

    private async Task Begin(IpcClientOptions? options = null) => (_client, _proxy) = await BindAsync(options);

    private static IPCFrame Echo(IPCFrame request) =>
        ScriptedHost.Reply(request.RequestId, GreeterRequestMsg.Parser.ParseFrom(request.MsgInvokeMethod.ArgsProto).Name);

    private static async Task<string[]> ReadAll(IAsyncEnumerable<GreeterReplyMsg> stream)
    {
        var messages = new List<string>();
        await foreach (GreeterReplyMsg message in stream)
        {
            messages.Add(message.Message);
        }

        return [.. messages];
    }

    private sealed class NoProxy() : ServiceProxy(null!);

    private sealed class DisposableProxy : GreeterProxy
    {
        internal List<bool> Disposing { get; } = [];

        protected override void Dispose(bool disposing)
        {
            Disposing.Add(disposing);
            base.Dispose(disposing);
        }
    }
}
