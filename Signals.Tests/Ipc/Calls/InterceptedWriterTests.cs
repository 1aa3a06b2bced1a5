using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Interceptors of methods that reply through a <see cref="ReplyWriter{TReply}"/>.</summary>
[TestFixture]
public sealed class InterceptedWriterTests
{
    private static readonly FunctionInterceptor PassOn = new(async (_, request, next) => await next(request));

    [Test]
    public async Task G10_a_reply_of_a_writer_passes_through_interceptors()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions
            {
                Interceptors =
                [
                    new FunctionInterceptor(async (_, request, next) => ScriptedGreeter.Reply($"<{((GreeterReplyMsg)await next(request)).Message}>")),
                ],
            }
        );
        Assert.That((await session.Proxy.WaveGoodbye("Ada").Within("the reply")).Message, Is.EqualTo("<Goodbye Ada>"));
        await session.IdleAsync();
    }

    [Test]
    public async Task G4_the_failure_of_a_writer_passes_through_interceptors()
    {
        IpcStatusCode? seen = null;
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnGoodbye = (_, reply) => reply.Fail(new IpcStatusException(IpcStatusCode.NotFound, "gone")) },
            new IpcHostOptions
            {
                Interceptors =
                [
                    new FunctionInterceptor(
                        async (call, request, next) =>
                        {
                            try
                            {
                                return await next(request);
                            }
                            finally
                            {
                                seen = call.StatusCode;
                            }
                        }
                    ),
                ],
            }
        );
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.WaveGoodbye("Ada").Within("the failure"));
        Assert.That(
            (failure!.StatusCode, failure.StatusMessage, seen),
            Is.EqualTo((IpcStatusCode.NotFound, "gone", (IpcStatusCode?)IpcStatusCode.NotFound))
        );
    }

    [Test]
    public async Task G10_replies_of_the_writer_of_a_stream_pass_in_order_and_may_be_reused()
    {
        using var watching = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using TestSession session = await StartStreamAsync(watching);
        await using IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        ValueTask<bool> first = replies.MoveNextAsync();
        ReplyWriter<GreeterReplyMsg> writer = watching.Next();
        GreeterReplyMsg reply = ScriptedGreeter.Reply("1");
        Assert.That(writer.TryWrite(reply), Is.True);
        reply.Message = "2";
        Assert.That(await writer.WriteAsync(reply).Within("room"), Is.True);
        reply.Message = "3";
        writer.Complete(reply);
        reply.Message = "4";
        Assert.That(() => writer.Complete(reply), Throws.InvalidOperationException);
        Assert.That(await first.Within("a reply"), Is.True);
        var messages = new List<string> { replies.Current.Message };
        while (await replies.MoveNextAsync().Within("a reply"))
        {
            messages.Add(replies.Current.Message);
        }

        Assert.That(messages, Is.EqualTo((string[])["1", "2", "3"]));
        await session.IdleAsync();
    }

    [Test]
    public async Task G1_leaving_the_stream_of_a_writer_ends_the_call_at_once()
    {
        using var watching = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using TestSession session = await StartStreamAsync(watching);
        ReplyWriter<GreeterReplyMsg> writer;
        await using (IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchGreetings("Ada").GetAsyncEnumerator())
        {
            ValueTask<bool> first = replies.MoveNextAsync();
            writer = watching.Next();
            writer.TryWrite(ScriptedGreeter.Reply("1"));
            Assert.That(await first.Within("a reply"), Is.True);
        }

        await session.IdleAsync();
        Assert.That(writer.Context.CancellationToken.IsCancellationRequested, Is.True);
        Assert.That(writer.TryWrite(ScriptedGreeter.Reply("2")), Is.False);
    }

    [Test]
    public async Task H4_a_writer_that_is_dropped_fails_the_call()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnGoodbye = (_, _) => { } },
            new IpcHostOptions { Interceptors = [PassOn] }
        );
        Task<GreeterReplyMsg> call = session.Proxy.WaveGoodbye("Ada");
        await Bounded.UntilAsync(
            () =>
            {
                GC.Collect();
                return call.IsCompleted;
            },
            "the failure"
        );
        await Assert.ThrowsAsync<IpcCallException>(() => call);
        await session.IdleAsync();
    }

    [Test]
    public async Task C11_a_writer_waits_while_interceptors_do_not_take_its_replies()
    {
        const int Count = 200;
        using var watching = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using TestSession session = await StartStreamAsync(watching);
        await using IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        ValueTask<bool> first = replies.MoveNextAsync();
        ReplyWriter<GreeterReplyMsg> writer = watching.Next();
        Task writing = WriteAsync(writer);
        int read = 0;
        for (ValueTask<bool> next = first; await next.Within("a reply"); next = replies.MoveNextAsync())
        {
            read++;
        }

        await writing.Within("writing");
        Assert.That(read, Is.EqualTo(Count));

        static async Task WriteAsync(ReplyWriter<GreeterReplyMsg> writer)
        {
            for (int i = 0; i < Count; i++)
            {
                Assert.That(await writer.WriteAsync(ScriptedGreeter.Reply(new string('x', 10_000))), Is.True);
            }

            writer.Complete();
        }
    }

    [Test]
    public async Task H4_a_reply_that_is_too_large_is_refused_where_it_is_written()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnGoodbye = (_, reply) =>
                {
                    Assert.That(() => reply.Complete(ScriptedGreeter.Reply(new string('x', 2000))), Throws.InstanceOf<IpcException>());
                    reply.Complete(ScriptedGreeter.Reply("small"));
                },
            },
            new IpcHostOptions { MaxFrameSize = 1024, Interceptors = [PassOn] }
        );
        Assert.That((await session.Proxy.WaveGoodbye("Ada").Within("the reply")).Message, Is.EqualTo("small"));
    }

    private static async Task<TestSession> StartStreamAsync(Received<ReplyWriter<GreeterReplyMsg>> watching)
    {
        var service = new ManualGreeter();
        service.Watching.Connect(watching.Add);
        return await TestSession.StartAsync(service, new IpcHostOptions { Interceptors = [PassOn] });
    }
}
