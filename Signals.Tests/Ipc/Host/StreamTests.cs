using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H4: methods that answer any number of times.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
internal sealed class StreamTests(Medium medium) : HostFixture(medium)
{
    [Test]
    public async Task H4_all_replies_of_a_stream_except_the_last_have_the_flag_has_more()
    {
        await using TestHost host = Serve();
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(ReadStream(client, Watch(client)), Is.EqualTo("Ann 1, Ann 2, Ann 3"));
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_stream_without_replies_ends_with_an_empty_one()
    {
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => AsyncEnumerable.Empty<GreeterReplyMsg>() });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.InvokeMethodReply reply = client.Invoke(3, "Ann");
        Assert.That((reply.Success, reply.HasMore, reply.HasReplyProto), Is.EqualTo((true, false, false)));
    }

    [Test]
    public async Task H4_a_reply_is_sent_while_the_stream_waits_for_the_next_one()
    {
        var pause = new TaskCompletionSource();
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (request, _) => Pausing(request.Name, pause.Task) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        ulong request = Watch(client);
        IPCFrame.Types.InvokeMethodReply first = client.ReceiveReply(request);
        Assert.That((first.HasMore, RawClient.Message(first)), Is.EqualTo((true, "Ann before")));
        client.AssertIsServed();
        pause.SetResult();
        Assert.That(ReadStream(client, request), Is.EqualTo("Ann after"));
    }

    [Test]
    public async Task H4_a_stream_that_throws_ends_with_a_failure_after_its_replies()
    {
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => Throwing() });
        using RawClient client = RawClient.Bound(host.Endpoint);
        ulong request = Watch(client);
        Assert.That(client.ReceiveReply(request).Success, Is.True);
        IPCFrame.Types.InvokeMethodReply end = client.ReceiveReply(request);
        Assert.That((end.Success, end.HasMore), Is.EqualTo((false, false)));
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_an_enumerator_that_throws_synchronously_loses_no_earlier_reply([Values] bool atOnce)
    {
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => new ThrowingStream(replies: 2, atOnce) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        ulong request = Watch(client);
        Assert.That(RawClient.Message(client.ReceiveReply(request)), Is.EqualTo("1"));
        Assert.That(RawClient.Message(client.ReceiveReply(request)), Is.EqualTo("2"));
        IPCFrame.Types.InvokeMethodReply end = client.ReceiveReply(request);
        Assert.That((end.Success, end.HasMore), Is.EqualTo((false, false)));
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_reply_that_is_too_large_fails_its_stream_and_the_methods_finally_blocks_run()
    {
        using var ended = new ManualResetEventSlim();
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => TooLarge(ended) }, new IpcHostOptions { MaxFrameSize = 1024 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.InvokeMethodReply reply = client.Invoke(3, "Ann");
        Assert.That((reply.Success, reply.HasMore), Is.EqualTo((false, false)));
        Bounded.Wait(ended, "The method's finally block");
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_stream_that_marks_its_last_reply_ends_with_it_even_after_an_await()
    {
        using var ended = new ManualResetEventSlim();
        var pause = new TaskCompletionSource();
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, context) => Marking(context, pause.Task, ended) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        ulong request = Watch(client);
        IPCFrame.Types.InvokeMethodReply first = client.ReceiveReply(request);
        Assert.That((first.HasMore, RawClient.Message(first)), Is.EqualTo((true, "first")));
        pause.SetResult();
        IPCFrame.Types.InvokeMethodReply last = client.ReceiveReply(request);
        Assert.That((last.Success, last.HasMore, RawClient.Message(last)), Is.EqualTo((true, false, "last")));
        Bounded.Wait(ended, "The method's finally block");

        // Nothing else came for the stream, and the client's next call of it is not marked.
        ulong again = Watch(client);
        Assert.That(client.ReceiveReply(again).HasMore, Is.True);
        Assert.That(client.ReceiveReply(again).HasMore, Is.False);
    }

    [Test]
    public void H4_a_mark_has_no_effect_on_a_context_without_a_stream()
    {
        GreeterReplyMsg reply = ScriptedGreeter.Reply("one");
        var context = new CallContext(new ClientInfo(1), "SayHello");
        Assert.That(context.LastReply(reply), Is.SameAs(reply));
    }

    [Test]
    public async Task H4_a_stream_may_reuse_one_message_for_all_its_replies()
    {
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => Reusing(3) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(ReadStream(client, Watch(client)), Is.EqualTo("0, 1, 2"));
    }

    [Test]
    public async Task H4_a_long_stream_that_never_pauses_does_not_block_other_calls_of_its_client()
    {
        const int Count = 20_000;
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => Reusing(Count) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame watch = client.Call(3, "Ann");
        IPCFrame hello = client.Call(1, "Bob");
        client.Send(watch, hello);
        int streamed = 0;
        int streamedBeforeHello = -1;
        while (streamed < Count || streamedBeforeHello < 0)
        {
            IPCFrame frame = client.Receive();
            if (frame.RequestId == hello.RequestId)
            {
                streamedBeforeHello = streamed;
            }
            else
            {
                Assert.That(RawClient.Message(frame.MsgInvokeMethodReply), Is.EqualTo($"{streamed++}"));
            }
        }

        Assert.That(streamedBeforeHello, Is.LessThan(Count));
    }

    [Test]
    public async Task H4_a_writer_streams_from_any_thread_and_ends_with_or_without_a_reply([Values] bool withReply)
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ManualGreeter();
        service.Watching.Connect(writers.Add);
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        ulong request = Watch(client);
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        Worker.RunAll(() => Assert.That(writer.TryWrite(ScriptedGreeter.Reply("one")), Is.True));
        Assert.That(await writer.WriteAsync(ScriptedGreeter.Reply("two")), Is.True);
        Worker.RunAll(() =>
        {
            if (withReply)
            {
                writer.Complete(ScriptedGreeter.Reply("three"));
            }
            else
            {
                writer.Complete();
            }
        });
        string expected = withReply ? "one, two, three" : "one, two";
        Assert.That(ReadStream(client, request), Is.EqualTo(expected));
        Assert.That(() => writer.TryWrite(ScriptedGreeter.Reply("four")), Throws.InvalidOperationException);
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_reply_whose_token_is_canceled_is_not_sent()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ManualGreeter();
        service.Watching.Connect(writers.Add);
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        ulong request = Watch(client);
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        Assert.That(writer.WriteAsync(ScriptedGreeter.Reply("never"), new CancellationToken(canceled: true)).AsTask().IsCanceled, Is.True);
        writer.Complete(ScriptedGreeter.Reply("last"));
        Assert.That(ReadStream(client, request), Is.EqualTo("last"));
    }

    [Test]
    public async Task H5_an_unwanted_stream_is_not_advanced()
    {
        int asked = 0;
        using var disposed = new ManualResetEventSlim();
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => Endless(() => asked++, disposed) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(3, "Ann", dropReply: true));
        client.AssertIsServed();
        Bounded.Wait(disposed, "The end of the stream");
        Assert.That(asked, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public async Task H8_a_stream_is_disposed_when_its_client_has_disconnected()
    {
        using var disposed = new ManualResetEventSlim();
        await using TestHost host = Serve(new ScriptedGreeter { OnWatch = (_, _) => Endless(() => { }, disposed) });
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            ulong request = Watch(client);
            Assert.That(client.ReceiveReply(request).HasMore, Is.True);
        }

        Bounded.Wait(disposed, "The end of the stream");
        host.NextDisconnected();
    }

    private static ulong Watch(RawClient client)
    {
        IPCFrame call = client.Call(3, "Ann");
        client.Send(call);
        return call.RequestId;
    }

    /// <summary>Reads the replies of a stream to its end.</summary>
    private static string ReadStream(RawClient client, ulong request)
    {
        var messages = new List<string>();
        while (true)
        {
            IPCFrame.Types.InvokeMethodReply reply = client.ReceiveReply(request);
            Assert.That(reply.Success, Is.True);
            if (reply.HasReplyProto)
            {
                messages.Add(RawClient.Message(reply));
            }

            if (!reply.HasMore)
            {
                return string.Join(", ", messages);
            }
        }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Pausing(string name, Task pause)
    {
        yield return ScriptedGreeter.Reply($"{name} before");
        await pause;
        yield return ScriptedGreeter.Reply($"{name} after");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> TooLarge(ManualResetEventSlim ended)
    {
        try
        {
            yield return ScriptedGreeter.Reply(new string('x', 2048));

            // Never completes: an enumerator that waits here cannot be disposed.
            await new TaskCompletionSource().Task;
        }
        finally
        {
            ended.Set();
        }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Marking(CallContext context, Task pause, ManualResetEventSlim ended)
    {
        try
        {
            yield return ScriptedGreeter.Reply("first");
            await pause;
            yield return context.LastReply(ScriptedGreeter.Reply("last"));
            await Task.Yield();
        }
        finally
        {
            ended.Set();
        }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Throwing()
    {
        yield return ScriptedGreeter.Reply("once");
        await Task.CompletedTask;
        throw new InvalidOperationException("On purpose.");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Reusing(int count)
    {
        var reply = new GreeterReplyMsg();
        for (int i = 0; i < count; i++)
        {
            reply.Message = $"{i}";
            yield return reply;
        }

        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Endless(
        Action onAsked,
        ManualResetEventSlim disposed,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                onAsked();
                yield return ScriptedGreeter.Reply("more");
                await Task.CompletedTask;
            }
        }
        finally
        {
            disposed.Set();
        }
    }

    /// <summary>A stream that throws in the step after its replies: synchronously, or through the task.</summary>
    private sealed class ThrowingStream(int replies, bool atOnce) : IAsyncEnumerable<GreeterReplyMsg>, IAsyncEnumerator<GreeterReplyMsg>
    {
        private int _count;

        public GreeterReplyMsg Current => ScriptedGreeter.Reply($"{_count}");

        public IAsyncEnumerator<GreeterReplyMsg> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (++_count <= replies)
            {
                return ValueTask.FromResult(true);
            }

            var failure = new InvalidOperationException("On purpose.");
            return atOnce ? throw failure : ValueTask.FromException<bool>(failure);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
