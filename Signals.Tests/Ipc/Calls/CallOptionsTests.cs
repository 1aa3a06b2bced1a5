using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Each call has its time limit and its headers.</summary>
[TestFixture]
public sealed class CallOptionsTests : ClientFixture
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task G5_the_timeout_of_a_call_overrides_that_of_the_client()
    {
        var time = new FakeTime();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = NeverAsync },
            clientOptions: new IpcClientOptions { CallTimeout = 60 * Second, TimeProvider = time }
        );
        Task<GreeterReplyMsg> longer = session.Proxy.SayHelloAsync("Ada");
        Task<GreeterReplyMsg> shorter = session.Proxy.HelloAsync(new CallOptions { Timeout = 2 * Second });
        Task<GreeterReplyMsg> endless = session.Proxy.HelloAsync(new CallOptions { Timeout = Timeout.InfiniteTimeSpan });
        time.Advance(2 * Second);
        await Assert.ThrowsAsync<TimeoutException>(() => shorter.Within("the timeout"));
        Assert.That(longer.IsCompleted, Is.False);
        time.Advance(58 * Second);
        await Assert.ThrowsAsync<TimeoutException>(() => longer.Within("the timeout"));
        Assert.That(endless.IsCompleted, Is.False);
    }

    [Test]
    public async Task G5_the_timeout_holds_for_a_whole_stream()
    {
        var time = new FakeTime();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, context) => OneAsync(context) },
            clientOptions: new IpcClientOptions { TimeProvider = time }
        );
        IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchAsync(new CallOptions { Timeout = Second }).GetAsyncEnumerator();
        Assert.That(await replies.MoveNextAsync().Within("the reply"), Is.True);
        ValueTask<bool> next = replies.MoveNextAsync();
        time.Advance(Second);
        await Assert.ThrowsAsync<TimeoutException>(() => next.Within("the timeout"));
        await replies.DisposeAsync();
        await session.IdleAsync();
    }

    [Test]
    public async Task G5_the_service_sees_the_deadline_and_is_cancelled_by_it()
    {
        DateTimeOffset? deadline = null;
        var time = new FakeTime();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (_, context) =>
                {
                    deadline = context.Deadline;
                    context.CancellationToken.Register(() => cancelled.TrySetResult());
                    await cancelled.Task;
                    return ScriptedGreeter.Reply("");
                },
            },
            new IpcHostOptions { TimeProvider = time }
        );
        Task<GreeterReplyMsg> call = session.Proxy.HelloAsync(new CallOptions { Timeout = 3600 * Second });
        await Bounded.UntilAsync(() => time.Due.Length == 1, "the timer of the deadline");
        Assert.That(deadline - time.GetUtcNow(), Is.GreaterThan(3500 * Second).And.LessThanOrEqualTo(3600 * Second));
        time.Advance(3600 * Second);
        await cancelled.Task.Within("the cancellation");
        await call.Within("the reply");
    }

    [Test]
    public async Task G5_a_call_without_options_has_no_deadline_and_no_headers()
    {
        CallContext? seen = null;
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnHello = (_, context) => Echo(seen = context) });
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        Assert.That((seen!.Deadline, seen.Headers.Count), Is.EqualTo(((DateTimeOffset?)null, 0)));
    }

    [Test]
    public async Task G5_headers_reach_the_service_and_are_read_without_regard_to_case()
    {
        CallContext? seen = null;
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnHello = (_, context) => Echo(seen = context) });
        var headers = new Dictionary<string, string> { ["X-User"] = "Ada Löwe", ["empty"] = "" };
        await session.Proxy.HelloAsync(new CallOptions { Headers = headers }).Within("the reply");
        Assert.That((seen!.Headers["x-user"], seen.Headers["EMPTY"]), Is.EqualTo(("Ada Löwe", "")));
    }

    [TestCase("", "value")]
    [TestCase("a b", "value")]
    [TestCase("ä", "value")]
    [TestCase("name", "line\nbreak")]
    [TestCase("traceparent", "value")]
    [TestCase("TraceState", "value")]
    public async Task G5_headers_that_are_not_valid_fail_the_call_locally(string name, string value)
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        var options = new CallOptions { Headers = new Dictionary<string, string> { [name] = value } };
        await Assert.ThrowsAsync<ArgumentException>(() => session.Proxy.HelloAsync(options).Within("the failure"));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (GreeterReplyMsg _ in session.Proxy.WatchAsync(options)) { }
        });
        Assert.That(session.Client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task G5_headers_of_more_than_8_KiB_fail_the_call_locally()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        var options = new CallOptions { Headers = new Dictionary<string, string> { ["name"] = new('x', 8192) } };
        ArgumentException? failure = await Assert.ThrowsAsync<ArgumentException>(() => session.Proxy.HelloAsync(options).Within("the failure"));
        Assert.That(failure!.Message, Does.Contain("8192"));
    }

    [Test]
    public void G5_a_timeout_must_be_positive() =>
        Assert.That(() => new CallOptions { Timeout = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Timeout"));

    [Test]
    public async Task G5_a_host_without_extensions_receives_none()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        _ = proxy.HelloAsync(
            new CallOptions
            {
                Timeout = Second,
                Headers = new Dictionary<string, string> { ["name"] = "value" },
            }
        );
        IPCFrame frame = await Host.ReadFrameAsync();
        Assert.That((frame.MsgInvokeMethod.HasTimeoutUs, frame.MsgInvokeMethod.Headers.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task F4_odd_extensions_count_as_absent()
    {
        var seen = new List<CallContext>();
        await using var host = new TestHost(new ScriptedGreeter { OnHello = (_, context) => Remember(seen, context) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        byte[][] extensions =
        [
            // 1500 as bytes, 1501 as a number, 1500 as a group's end (skipped like any unknown field where it is valid), 1599 as fixed64.
            [0xE2, 0x5D, 1, 0],
            [0xE8, 0x5D, 7],
            [0xF9, 0x63, 1, 2, 3, 4, 5, 6, 7, 8],
            // A header that does not parse, one without a name, and a time that no timer accepts.
            [0xEA, 0x5D, 2, 0x0A, 0x09],
            [0xEA, 0x5D, 0],
            [0xE0, 0x5D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ];
        foreach (byte[] extension in extensions)
        {
            IPCFrame call = client.Call(1, "again");
            byte[] body = [.. call.MsgInvokeMethod.ToByteArray(), .. extension];
            client.SendBytes(Frame(call.RequestId, body));
            Assert.That(client.ReceiveReply(call.RequestId).Success, Is.True);
        }

        Assert.That(seen.Select(context => (context.Deadline, context.Headers.Count)), Is.All.EqualTo(((DateTimeOffset?)null, 0)));
    }

    [Test]
    public async Task G5_inherited_options_have_the_rest_of_the_time_and_the_headers()
    {
        CallOptions? inherited = null;
        CallOptions? own = null;
        var time = new FakeTime();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (_, context) =>
                {
                    time.Advance(10 * Second);
                    inherited = context.Inherit();
                    own = context.Inherit(new CallOptions { Timeout = Second, Headers = new Dictionary<string, string>() });
                    return Echo(context);
                },
            },
            new IpcHostOptions { TimeProvider = time }
        );
        var headers = new Dictionary<string, string> { ["name"] = "value" };
        await session.Proxy.HelloAsync(new CallOptions { Timeout = 60 * Second, Headers = headers }).Within("the reply");
        Assert.That(inherited!.Timeout, Is.GreaterThan(40 * Second).And.LessThanOrEqualTo(50 * Second));
        Assert.That(inherited.Headers!["name"], Is.EqualTo("value"));
        Assert.That((own!.Timeout, own.Headers!.Count), Is.EqualTo(((TimeSpan?)Second, 0)));
    }

    [Test]
    public void G5_a_test_of_a_service_sets_headers_and_deadline_of_a_context()
    {
        var headers = new Dictionary<string, string> { ["User"] = "ada" };
        DateTimeOffset deadline = DateTimeOffset.UtcNow + (60 * Second);
        var context = new CallContext(new ClientInfo(1), "SayHello") { Headers = headers, Deadline = deadline };
        headers.Clear();
        Assert.That((context.Headers["user"], context.Deadline), Is.EqualTo(("ada", (DateTimeOffset?)deadline)));
        CallOptions inherited = context.Inherit();
        Assert.That(inherited.Timeout, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(60 * Second));
        Assert.That(inherited.Headers!["user"], Is.EqualTo("ada"));
        Assert.That(() => new CallContext(new ClientInfo(1), "SayHello") { Headers = null! }, Throws.ArgumentNullException);
    }

    [Test]
    public async Task An_rpc_of_another_service_or_kind_is_refused()
    {
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        var other = new RpcMethod<OtherMsg, OtherMsg>(OtherReflection.Descriptor.Services[0], "Ping");
        Assert.That(() => session.Proxy.Calls.CallAsync(other, new OtherMsg()), Throws.ArgumentException.With.Message.Contains("Other.Ping"));
        Assert.That(
            () => session.Proxy.Calls.CallAsync(GreeterProxy.Watch, new GreeterRequestMsg()),
            Throws.ArgumentException.With.Message.Contains("stream")
        );
        Assert.That(() => session.Proxy.Calls.StreamAsync(GreeterProxy.SayHello, new GreeterRequestMsg()), Throws.ArgumentException);
        Assert.That(() => new RpcMethod<OtherMsg, OtherMsg>(GreeterReflection.Descriptor.Services[0], "SayHello"), Throws.ArgumentException);
        Assert.That(() => new RpcMethod<GreeterRequestMsg, GreeterReplyMsg>(GreeterReflection.Descriptor.Services[0], "Shout"), Throws.ArgumentException);
    }

    private static byte[] Frame(ulong requestId, byte[] body)
    {
        byte[] empty = new IPCFrame { RequestId = requestId }.ToByteArray();
        byte[] payload = [.. empty, 0x2A, (byte)body.Length, .. body];
        return [(byte)payload.Length, 0, 0, 0, .. payload];
    }

    private static ValueTask<GreeterReplyMsg> Echo(CallContext context) => new(ScriptedGreeter.Reply(context.MethodName));

    private static ValueTask<GreeterReplyMsg> Remember(List<CallContext> seen, CallContext context)
    {
        seen.Add(context);
        return Echo(context);
    }

    private static async ValueTask<GreeterReplyMsg> NeverAsync(GreeterRequestMsg request, CallContext context)
    {
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return ScriptedGreeter.Reply("");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> OneAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }
}
