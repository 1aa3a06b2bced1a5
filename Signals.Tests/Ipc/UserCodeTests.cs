using Google.Protobuf;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

/// <summary>User code that throws, blocks or makes calls affects only its own call.</summary>
public sealed class UserCodeTests : ClientFixture
{
    private readonly ListLogger _logger = new();
    private IpcClient _client = null!;
    private GreeterProxy _greeter = null!;
    private CustomProxy _custom = null!;

    [TearDown]
    public async Task DisposeClient()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _custom?.Dispose();
        _greeter?.Dispose();
    }

    [Test]
    public async Task C9_continuation_that_throws_is_logged_and_affects_no_other_call([Values] bool fails)
    {
        await Begin();
        var thrown = new InvalidOperationException("the continuation");
        ValueTask<bool> next = _greeter.WatchGreetings("a").GetAsyncEnumerator().MoveNextAsync();
        next.ConfigureAwait(false).GetAwaiter().OnCompleted(() => throw thrown);
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, "1", hasMore: !fails, success: !fails));
        await RoundTripAsync(_greeter);
        await Bounded.UntilAsync(
            () => _logger.Entries.Any(entry => entry.Level == LogLevel.Error && entry.Exception == thrown),
            "the log of the exception"
        );
        Assert.That(_client.IsConnected, Is.True);
    }

    [Test]
    public async Task C11_continuation_of_a_call_that_waited_for_room_throws_and_sending_continues()
    {
        await Begin(
            new IpcClientOptions
            {
                MaxUnsentBytes = 1,
                MaxFrameSize = 100_100,
                Logger = _logger,
            }
        );
        ValueTask[] sends = [.. Enumerable.Range(0, 30).Select(_ => _greeter.Tell(new string('x', 100_000)))];
        Assert.That(sends[^1].IsCompleted, Is.False, "It waits for room.");

        // Its message fits into a frame by itself only, so it fails when it is its turn to be written.
        ValueTask<bool> next = _greeter.WatchGreetings(new string('x', 100_090)).GetAsyncEnumerator().MoveNextAsync();
        if (!next.IsCompleted)
        {
            next.ConfigureAwait(false).GetAwaiter().OnCompleted(() => throw new InvalidOperationException("the continuation"));
        }

        foreach (ValueTask send in sends)
        {
            await Host.ReadFrameAsync();
            await send.Within("acceptance");
        }

        await RoundTripAsync(_greeter);
    }

    [Test]
    public async Task C11_message_that_throws_while_it_is_encoded_fails_alone_and_leaves_no_half_frame([Values] bool whileWriting)
    {
        await Begin();
        var thrown = new InvalidOperationException("the message");
        Action fail = () => throw thrown;
        CustomMessage Bad() =>
            new()
            {
                Text = "bad",
                OnSize = whileWriting ? null : fail,
                OnWrite = whileWriting ? fail : null,
            };

        Assert.That(await Assert.ThrowsAsync<InvalidOperationException>(() => _custom.SayHelloAsync(Bad()).Within("the failure")), Is.SameAs(thrown));
        Assert.That(await Assert.ThrowsAsync<InvalidOperationException>(() => Tell().Within("the failure")), Is.SameAs(thrown));
        Assert.That(await Assert.ThrowsAsync<InvalidOperationException>(() => Watch().Within("the failure")), Is.SameAs(thrown));
        Assert.That(_client.PendingCalls, Is.Zero);
        await RoundTripAsync(_greeter);

        async Task Tell() => await _custom.Tell(Bad());

        async Task Watch() => await _custom.WatchGreetings(Bad()).GetAsyncEnumerator().MoveNextAsync();
    }

    [Test]
    public async Task C11_message_is_encoded_outside_every_lock()
    {
        await Begin();
        bool wasSent = false;
        var message = new CustomMessage
        {
            Text = "outer",
            OnWrite = () =>
            {
                // Another thread uses the connection meanwhile, and so does this one.
                wasSent = Task.Run(() => _greeter.Tell("other thread").AsTask()).Wait(Bounded.Limit);
                _ = _greeter.Tell("same thread").AsTask();
            },
        };
        Task<CustomMessage> call = Task.Run(() => _custom.SayHelloAsync(message));
        IPCFrame[] frames = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
        Assert.That(wasSent, Is.True);
        Assert.That(frames.Select(frame => NameOf(frame)), Is.EqualTo((string[])["other thread", "same thread", "outer"]));
        await Host.SendAsync(ScriptedHost.Reply(frames[2].RequestId, "done"));
        Assert.That((await call.Within("the reply")).Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task C9_reply_whose_parsing_throws_any_exception_fails_only_its_call(
        [Values(CustomMessage.Unexpected, CustomMessage.OutOfMemory)] string text
    )
    {
        await Begin();
        Task<CustomMessage> call = _custom.SayHelloAsync(new CustomMessage());
        Task<CustomMessage> other = _custom.SayHelloAsync(new CustomMessage());
        IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
        await Host.SendAsync(ScriptedHost.Reply(requests[0].RequestId, text), ScriptedHost.Reply(requests[1].RequestId, "good"));
        AssertCarriesItsCause(await Assert.ThrowsAsync<IpcCallException>(() => call.Within("the failure")), text);
        Assert.That((await other.Within("the reply")).Text, Is.EqualTo("good"));
        await RoundTripAsync(_greeter);
        Assert.That(_client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task C9_stream_reply_whose_parsing_throws_any_exception_fails_only_its_call(
        [Values(CustomMessage.Unexpected, CustomMessage.OutOfMemory)] string text,
        [Values] bool isWaitedFor
    )
    {
        await Begin();
        IAsyncEnumerator<CustomMessage> stream = _custom.WatchGreetings(new CustomMessage()).GetAsyncEnumerator();
        Task<bool>? next = isWaitedFor ? stream.MoveNextAsync().AsTask() : null;
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(ScriptedHost.Reply(requestId, text, hasMore: true), ScriptedHost.Reply(requestId, "behind", hasMore: true));
        await RoundTripAsync(_greeter);
        next ??= stream.MoveNextAsync().AsTask();
        AssertCarriesItsCause(await Assert.ThrowsAsync<IpcCallException>(() => next.Within("the failure")), text);
        Assert.That(_client.PendingCalls, Is.Zero);
        await RoundTripAsync(_greeter);
    }

    [Test]
    public async Task C9_unknown_fields_of_replies_are_discarded()
    {
        await Begin();
        Task<GreeterReplyMsg> call = _greeter.SayHelloAsync("a");
        await Host.SendAsync(WithUnknownFields((await Host.ReadFrameAsync()).RequestId, hasMore: false));
        GreeterReplyMsg reply = await call.Within("the reply");
        Assert.That(reply.Message, Is.EqualTo("known"));
        Assert.That(reply, Is.EqualTo(new GreeterReplyMsg { Message = "known" }));
        IAsyncEnumerator<GreeterReplyMsg> stream = _greeter.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        await Host.SendAsync(WithUnknownFields(requestId, hasMore: true));
        await RoundTripAsync(_greeter);
        Assert.That(await stream.MoveNextAsync().Within("the reply"), Is.True);
        Assert.That(stream.Current, Is.EqualTo(new GreeterReplyMsg { Message = "known" }));
    }

    [Test]
    public async Task C11_buffer_of_a_stream_holds_no_more_than_it_counts()
    {
        await Begin();
        await using IAsyncEnumerator<GreeterReplyMsg> stream = _greeter.WatchGreetings("a").GetAsyncEnumerator();
        ulong requestId = (await Host.ReadFrameAsync()).RequestId;
        IPCFrame reply = WithUnknownFields(requestId, hasMore: true, count: 20_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        // Below the 4 MiB of the options.
        for (int i = 0; i < 40; i++)
        {
            await Host.SendAsync(reply);
        }

        await RoundTripAsync(_greeter);
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(12 * 1024 * 1024));
        for (int i = 0; i < 40; i++)
        {
            Assert.That(await stream.MoveNextAsync().Within("a reply"), Is.True);
        }
    }

    [Test]
    public async Task C11_request_ids_increase_by_one_in_the_order_of_writing()
    {
        const int Count = 500;
        await Begin();
        ulong first = 0;
        Task[] callers =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(caller =>
                    Task.Run(() =>
                    {
                        for (int i = 0; i < Count; i++)
                        {
                            _ = (caller + i) % 2 == 0 ? _greeter.SayHelloAsync("a") : _greeter.Tell("a").AsTask();
                        }
                    })
                ),
        ];
        for (ulong i = 0; i < 4 * Count; i++)
        {
            ulong requestId = (await Host.ReadFrameAsync()).RequestId;
            first = i == 0 ? requestId : first;
            Assert.That(requestId, Is.EqualTo(first + i));
        }

        await Task.WhenAll(callers).Within("the calls");
    }

    [Test]
    public async Task C11_calls_that_wait_for_room_get_their_request_ids_when_they_are_written()
    {
        await Begin(new IpcClientOptions { MaxUnsentBytes = 1 });
        string large = new('x', 100_000);
        using var cancellation = new CancellationTokenSource();
        List<Task> calls = [];
        for (int i = 0; i < 10; i++)
        {
            calls.Add(_greeter.SayHelloAsync(large));
            calls.Add(_greeter.Tell(large).AsTask());
            calls.Add(_greeter.SayHelloAsync(large, cancellation.Token));
            calls.Add(_greeter.Tell(large, cancellation.Token).AsTask());
        }

        await cancellation.CancelAsync();
        Assert.That(calls.Count(call => call.IsCanceled), Is.Positive);
        calls.Add(_greeter.SayHelloAsync("last"));
        int pending = _client.PendingCalls;
        List<IPCFrame> frames = [];
        do
        {
            frames.Add(await Host.ReadFrameAsync());
        } while (NameOf(frames[^1]) != "last");

        Assert.That(frames, Has.Count.LessThan(calls.Count), "Calls that were canceled while they waited are not sent.");
        Assert.That(_client.PendingCalls, Is.EqualTo(pending), "Waiting calls are pending calls.");
        for (int i = 1; i < frames.Count; i++)
        {
            Assert.That(frames[i].RequestId, Is.EqualTo(frames[i - 1].RequestId + 1));
        }

        await Host.SendAsync([.. frames.Where(frame => !frame.MsgInvokeMethod.DropReply).Select(frame => ScriptedHost.Reply(frame.RequestId, "done"))]);
        foreach (Task call in calls.Where(call => !call.IsCanceled))
        {
            await call.Within("the reply");
        }

        await RoundTripAsync(_greeter);
    }

    private static string NameOf(IPCFrame frame) => GreeterRequestMsg.Parser.ParseFrom(frame.MsgInvokeMethod.ArgsProto).Name;

    private static void AssertCarriesItsCause(IpcCallException? exception, string text)
    {
        Type cause = text == CustomMessage.OutOfMemory ? typeof(OutOfMemoryException) : typeof(NotSupportedException);
        Assert.That(exception!.InnerException, Is.TypeOf(cause));
    }

    /// <summary>A reply with many small fields that the message does not know.</summary>
    private static IPCFrame WithUnknownFields(ulong requestId, bool hasMore, int count = 100)
    {
        IPCFrame frame = ScriptedHost.Reply(requestId, "known", hasMore);
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        for (int i = 0; i < count; i++)
        {
            output.WriteTag(100 + i, WireFormat.WireType.Varint);
            output.WriteBool(true);
        }

        output.Flush();
        frame.MsgInvokeMethodReply.ReplyProto = ByteString.CopyFrom([.. frame.MsgInvokeMethodReply.ReplyProto, .. bytes.ToArray()]);
        return frame;
    }

    private async Task Begin(IpcClientOptions? options = null)
    {
        (_client, _greeter) = await BindAsync(options ?? new IpcClientOptions { Logger = _logger });
        _custom = new CustomProxy();
        Task binding = _client.BindAsync(_custom);
        await Host.ReplyToBindAsync(serviceId: ScriptedHost.ServiceId + 1);
        await binding.Within("binding");
    }
}
