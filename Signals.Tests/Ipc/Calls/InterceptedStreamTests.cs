using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Interceptors of streams, on either side.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class InterceptedStreamTests(bool isOfHost)
{
    [Test]
    public async Task G10_a_stream_passes_through_an_interceptor_as_a_whole()
    {
        using var seen = new Received<(IMessage Reply, IpcStatusCode? Status)>();
        await using TestSession session = await StartAsync(
            new FunctionInterceptor(
                async (call, request, next) =>
                {
                    Assert.That(call.IsStreaming, Is.True);
                    IMessage reply = await next(request);
                    seen.Add((reply, call.StatusCode));
                    return reply;
                }
            )
        );
        Assert.That(await ReadAsync(session), Is.EqualTo((string[])["Ada 1", "Ada 2", "Ada 3"]));
        Assert.That(seen.Next(), Is.EqualTo(((IMessage)new Empty(), (IpcStatusCode?)IpcStatusCode.OK)));
        await session.IdleAsync();
    }

    [Test]
    public async Task G10_an_interceptor_of_calls_fails_a_stream_before_it_begins()
    {
        bool isCalled = false;
        await using TestSession session = await StartAsync(
            new FunctionInterceptor((_, _, _) => throw new IpcStatusException(IpcStatusCode.PermissionDenied, "No.")),
            new ScriptedGreeter
            {
                OnWatch = (_, _) =>
                {
                    isCalled = true;
                    return AsyncEnumerable.Empty<GreeterReplyMsg>();
                },
            }
        );
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => ReadAsync(session).Within("the failure"));
        Assert.That((failure!.StatusCode, failure.StatusMessage, isCalled), Is.EqualTo((IpcStatusCode.PermissionDenied, "No.", false)));
        await session.IdleAsync();
    }

    [Test]
    public async Task G10_an_interceptor_of_calls_fails_a_stream_after_its_last_reply()
    {
        await using TestSession session = await StartAsync(
            new FunctionInterceptor(
                async (_, request, next) =>
                {
                    await next(request);
                    throw new IpcStatusException(IpcStatusCode.DataLoss, "");
                }
            )
        );
        var replies = new List<string>();
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => ReadAsync(session, replies).Within("the failure"));
        Assert.That((failure!.StatusCode, replies.Count), Is.EqualTo((IpcStatusCode.DataLoss, 3)));
    }

    [Test]
    public async Task G10_an_interceptor_of_calls_replaces_a_stream_by_one_message_or_none()
    {
        IMessage reply = ScriptedGreeter.Reply("cached");
        await using TestSession session = await StartAsync(new FunctionInterceptor((_, _, _) => new(reply)));
        Assert.That(await ReadAsync(session), Is.EqualTo((string[])["cached"]));
        reply = new Empty();
        Assert.That(await ReadAsync(session), Is.Empty);
    }

    [Test]
    public async Task G10_an_interceptor_of_calls_sees_the_failure_of_a_stream_and_may_repeat_it()
    {
        int attempts = 0;
        await using TestSession session = await StartAsync(
            new FunctionInterceptor(
                async (call, request, next) =>
                {
                    try
                    {
                        return await next(request);
                    }
                    catch (Exception exception) when (exception is IpcCallException or IpcStatusException)
                    {
                        Assert.That(call.StatusCode, Is.EqualTo(IpcStatusCode.Unavailable));
                        return await next(request);
                    }
                }
            ),
            new ScriptedGreeter { OnWatch = (_, _) => FailFirstAsync(++attempts) }
        );
        Assert.That(await ReadAsync(session), Is.EqualTo((string[])["attempt 1", "attempt 2"]));
    }

    [Test]
    public async Task G10_an_interceptor_of_calls_sees_that_a_stream_was_left()
    {
        using var seen = new Received<(Exception Exception, IpcStatusCode? Status)>();
        await using TestSession session = await StartAsync(
            new FunctionInterceptor(
                async (call, request, next) =>
                {
                    try
                    {
                        return await next(request);
                    }
                    catch (Exception exception)
                    {
                        seen.Add((exception, call.StatusCode));
                        throw;
                    }
                }
            ),
            new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync(context) }
        );
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            break;
        }

        (Exception exception, IpcStatusCode? status) = seen.Next();
        Assert.That(status, Is.EqualTo(IpcStatusCode.Cancelled));
        Assert.That(exception, isOfHost ? Is.InstanceOf<OperationCanceledException>() : Is.InstanceOf<IpcCallException>());
        await session.IdleAsync();
        Assert.That(session.Client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task G10_leaving_a_stream_ends_all_that_its_interceptor_waits_for()
    {
        using var ended = new Received<int>();
        await using TestSession session = await StartAsync(
            new FunctionInterceptor(
                async (_, request, next) =>
                {
                    Task<IMessage>[] both = [next(request).AsTask(), next(request).AsTask()];
                    await Task.WhenAny(Task.WhenAll(both)).ConfigureAwait(false);
                    ended.Add(both.Count(task => task.IsFaulted || task.IsCanceled));
                    return new Empty();
                }
            ),
            new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync(context) }
        );
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            break;
        }

        Assert.That(ended.Next(), Is.EqualTo(2));
        await session.IdleAsync();
    }

    [Test]
    public async Task G10_an_interceptor_of_streams_sees_and_replaces_replies_one_by_one()
    {
        await using TestSession session = await StartAsync(new StreamInterceptor(DoubleAsync));
        Assert.That(await ReadAsync(session), Is.EqualTo((string[])["Ada! 1", "Ada! 1", "Ada! 2", "Ada! 2", "Ada! 3", "Ada! 3"]));
    }

    [Test]
    public async Task G10_a_cancelled_stream_ends_for_interceptor_method_and_caller()
    {
        using var ended = new Received<IpcStatusCode?>();
        await using TestSession session = await StartAsync(
            new StreamInterceptor((call, request, next) => WatchEndAsync(call, next(request), ended)),
            new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync(context) }
        );
        using var cancellation = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        await using IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchGreetings("Ada", other.Token).GetAsyncEnumerator(cancellation.Token);
        Assert.That(await replies.MoveNextAsync().Within("the reply"), Is.True);
        ValueTask<bool> next = replies.MoveNextAsync();
        cancellation.Cancel();
        OperationCanceledException? end = await Assert.CatchAsync<OperationCanceledException>(() => next.Within("the end"));
        Assert.That(end!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(ended.Next(), Is.EqualTo(IpcStatusCode.Cancelled));
        await session.IdleAsync();
    }

    [Test]
    public async Task G10_a_reply_of_another_type_fails_a_stream()
    {
        await using TestSession session = await StartAsync(new StreamInterceptor((_, _, _) => OtherAsync()));
        Assert.That(
            async () => await ReadAsync(session).Within("the failure"),
            isOfHost ? Throws.InstanceOf<IpcCallException>() : Throws.InvalidOperationException.With.Message.Contains("GreeterReplyMsg")
        );
        await session.IdleAsync();
    }

    [Test]
    public async Task G10_no_stream_at_all_fails_the_call()
    {
        await using TestSession session = await StartAsync(new StreamInterceptor((_, _, _) => null!));
        Assert.That(
            async () => await ReadAsync(session).Within("the failure"),
            isOfHost ? Throws.InstanceOf<IpcCallException>() : Throws.InvalidOperationException.With.Message.Contains(nameof(StreamInterceptor))
        );
    }

    [Test]
    public async Task G10_a_marked_last_reply_is_the_regular_end_of_a_stream()
    {
        using var seen = new Received<IpcStatusCode?>();
        await using TestSession session = await StartAsync(
            new FunctionInterceptor(
                async (call, request, next) =>
                {
                    IMessage reply = await next(request);
                    seen.Add(call.StatusCode);
                    return reply;
                }
            ),
            new ScriptedGreeter { OnWatch = (_, context) => LastAsync(context) }
        );
        Assert.That(await ReadAsync(session), Is.EqualTo((string[])["last"]));
        Assert.That(seen.Next(), Is.EqualTo(IpcStatusCode.OK));
    }

    [Test]
    public async Task G10_streams_pass_through_several_interceptors_outermost_first()
    {
        using var seen = new Received<string>();
        await using TestSession session = await StartAsync([
            new RecordingInterceptor("a", seen),
            new StreamInterceptor(DoubleAsync),
            new RecordingInterceptor("b", seen),
        ]);
        Assert.That((await ReadAsync(session)).Length, Is.EqualTo(6));
        string[] expected = ["a: Greeter.WatchGreetings begins", "b: Greeter.WatchGreetings begins", "b: OK", "a: OK"];
        Assert.That((string[])[.. Enumerable.Range(0, 4).Select(_ => seen.Next())], Is.EqualTo(expected));
    }

    private Task<TestSession> StartAsync(CallInterceptor interceptor, ScriptedGreeter? service = null) => StartAsync([interceptor], service);

    private Task<TestSession> StartAsync(CallInterceptor[] interceptors, ScriptedGreeter? service = null) =>
        TestSession.StartAsync(
            service ?? new ScriptedGreeter(),
            new IpcHostOptions { Interceptors = isOfHost ? interceptors : [] },
            new IpcClientOptions { Interceptors = isOfHost ? [] : interceptors }
        );

    private static async Task<string[]> ReadAsync(TestSession session, List<string>? replies = null)
    {
        replies ??= [];
        await foreach (GreeterReplyMsg reply in session.Proxy.WatchGreetings("Ada"))
        {
            replies.Add(reply.Message);
        }

        return [.. replies];
    }

    private static async IAsyncEnumerable<IMessage> DoubleAsync(InterceptedCall call, IMessage request, Func<IMessage, IAsyncEnumerable<IMessage>> next)
    {
        Assert.That(call.IsStreaming, Is.True);
        await foreach (IMessage reply in next(new GreeterRequestMsg { Name = $"{((GreeterRequestMsg)request).Name}!" }))
        {
            yield return reply;
            yield return reply;
        }
    }

    private static async IAsyncEnumerable<IMessage> WatchEndAsync(InterceptedCall call, IAsyncEnumerable<IMessage> replies, Received<IpcStatusCode?> ended)
    {
        try
        {
            await foreach (IMessage reply in replies)
            {
                yield return reply;
            }
        }
        finally
        {
            ended.Add(call.StatusCode);
        }
    }

    private static async IAsyncEnumerable<IMessage> OtherAsync()
    {
        await Task.Yield();
        yield return new OtherMsg { Text = "" };
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> FailFirstAsync(int attempt)
    {
        await Task.Yield();
        yield return ScriptedGreeter.Reply($"attempt {attempt}");
        if (attempt == 1)
        {
            throw new IpcStatusException(IpcStatusCode.Unavailable, "");
        }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> EndlessAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> LastAsync(CallContext context)
    {
        await Task.Yield();
        yield return context.LastReply(ScriptedGreeter.Reply("last"));
        Assert.Fail("The method resumed after its last reply.");
    }
}
