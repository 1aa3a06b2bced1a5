using System.Collections.Concurrent;
using System.Diagnostics;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>W3C trace context travels with calls. Not parallel to other tests: listeners of activities belong to the process.</summary>
[TestFixture]
[NonParallelizable]
public sealed class TraceContextTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Test]
    public async Task G5_the_current_activity_travels_without_listeners()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await BindToAnnouncingAsync(host, client, proxy);
        using (Activity current = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            current.TraceStateString = "vendor=1";
            _ = proxy.HelloAsync(new CallOptions { Headers = new Dictionary<string, string> { ["name"] = "value" } });
            (string, string)[] expected = [("name", "value"), ("traceparent", current.Id!), ("tracestate", "vendor=1")];
            Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.EqualTo(expected));
            _ = proxy.SayHelloAsync("Ada");
            Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.EqualTo(expected[1..]));
            await proxy.Tell("Ada").Within("sending");
            Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.EqualTo(expected[1..]));
            await using IAsyncEnumerator<GreeterReplyMsg> replies = proxy.WatchGreetings("Ada").GetAsyncEnumerator();
            ValueTask<bool> next = replies.MoveNextAsync();
            Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.EqualTo(expected[1..]));
            host.HangUp();
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => next.Within("the failure"));
        }
    }

    [Test]
    public async Task G5_without_an_activity_nothing_travels()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await BindToAnnouncingAsync(host, client, proxy);
        _ = proxy.SayHelloAsync("Ada");
        Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.Empty);
    }

    [Test]
    public async Task G5_an_activity_whose_id_is_not_of_w3c_does_not_travel()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await BindToAnnouncingAsync(host, client, proxy);
        using Activity current = new Activity("test").SetIdFormat(ActivityIdFormat.Hierarchical).Start();
        _ = proxy.SayHelloAsync("Ada");
        Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.Empty);
    }

    [Test]
    public async Task G5_a_host_without_extensions_receives_no_trace_context()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        client.Connect();
        await host.AcceptAsync();
        Task binding = client.BindAsync(proxy);
        await host.ReplyToBindAsync();
        await binding.Within("binding");
        using Activity current = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        _ = proxy.SayHelloAsync("Ada");
        Assert.That(HeadersOf(await host.ReadFrameAsync()), Is.Empty);
    }

    [Test]
    public async Task G5_with_listeners_client_and_host_have_activities_of_one_trace()
    {
        using var listened = new Listened();
        Activity? inMethod = null;
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (request, _) =>
                {
                    await Task.Yield();
                    inMethod = Activity.Current;
                    return ScriptedGreeter.Reply(request.Name);
                },
            }
        );
        using Activity root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        Task<GreeterReplyMsg> call = session.Proxy.SayHelloAsync("Ada");
        Assert.That(Activity.Current, Is.SameAs(root));
        await call.Within("the reply");
        Assert.That(Activity.Current, Is.SameAs(root));
        Activity[] both = await listened.EndedAsync(2);
        Activity client = both.Single(activity => activity.Kind == ActivityKind.Client);
        Activity server = both.Single(activity => activity.Kind == ActivityKind.Server);
        Assert.That(both.Select(activity => (activity.OperationName, activity.TraceId)), Is.All.EqualTo(("Greeter/SayHello", root.TraceId)));
        Assert.That((client.ParentSpanId, server.ParentSpanId, server.HasRemoteParent), Is.EqualTo((root.SpanId, client.SpanId, true)));
        Assert.That((server.Status, client.Status), Is.EqualTo((ActivityStatusCode.Unset, ActivityStatusCode.Unset)));
        Assert.That(client.GetTagItem("rpc.response.status_code"), Is.EqualTo("OK"));
        Assert.That(inMethod, Is.SameAs(server));
    }

    [Test]
    public async Task G5_the_activities_of_a_failed_call_have_its_status()
    {
        using var listened = new Listened();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "") }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        Activity[] both = await listened.EndedAsync(2);
        Assert.That(
            both.Select(activity => (activity.Status, activity.GetTagItem("rpc.response.status_code"))),
            Is.All.EqualTo((ActivityStatusCode.Error, (object)"NOT_FOUND"))
        );
        Assert.That(both[0].TraceId, Is.EqualTo(both[1].TraceId));
    }

    [Test]
    public async Task G5_the_activity_of_a_stream_is_current_in_all_steps_of_its_method_and_not_in_its_reader()
    {
        using var listened = new Listened();
        var inMethod = new ConcurrentQueue<Activity?>();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnWatch = (_, _) => RememberAsync(inMethod) },
            new IpcHostOptions { Interceptors = [new Support.RecordingInterceptor("host", new Received<string>())] }
        );
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            Assert.That(Activity.Current, Is.Null);
        }

        Activity[] both = await listened.EndedAsync(2);
        Activity server = both.Single(activity => activity.Kind == ActivityKind.Server);
        Assert.That(inMethod, Is.EqualTo((Activity[])[server, server, server]));
        Assert.That(both.Select(activity => activity.GetTagItem("rpc.response.status_code")), Is.All.EqualTo("OK"));
    }

    [Test]
    public async Task G5_a_stream_that_is_left_ends_its_activities()
    {
        using var listened = new Listened();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync(context) });
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            break;
        }

        Activity[] both = await listened.EndedAsync(2);
        Assert.That(both.Select(activity => activity.GetTagItem("rpc.response.status_code")), Is.All.EqualTo("CANCELLED"));
    }

    [Test]
    public async Task G5_the_call_of_a_writer_has_an_activity()
    {
        using var listened = new Listened();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await session.Proxy.WaveGoodbye("Ada").Within("the reply");
        Activity[] both = await listened.EndedAsync(2);
        Assert.That(both.Select(activity => activity.OperationName), Is.All.EqualTo("Greeter/WaveGoodbye"));
    }

    [Test]
    public async Task G5_a_nested_call_continues_the_trace_by_inherited_options()
    {
        using var path = new SocketPath();
        using var inner = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await BindToAnnouncingAsync(inner, client, proxy);
        await using var outer = new TestHost(
            new ScriptedGreeter
            {
                OnHello = (request, context) =>
                {
                    Assert.That(context.Headers, Is.Empty);
                    _ = proxy.HelloAsync(context.Inherit());
                    return new(ScriptedGreeter.Reply(request.Name));
                },
            }
        );
        using RawClient raw = RawClient.Bound(outer.Endpoint);
        IPCFrame call = raw.Call(1, "Ada");
        call.MsgInvokeMethod.Headers.Add(Header("TraceParent", Parent));
        call.MsgInvokeMethod.Headers.Add(Header("tracestate", "vendor=1"));
        raw.Send(call);
        Assert.That(raw.ReceiveReply(call.RequestId).Success, Is.True);
        Assert.That(HeadersOf(await inner.ReadFrameAsync()), Is.EqualTo(((string, string)[])[("traceparent", Parent), ("tracestate", "vendor=1")]));
    }

    [TestCase("")]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c")]
    [TestCase("hostile")]
    public async Task F4_an_odd_trace_context_counts_as_absent(string parent)
    {
        CallOptions? inherited = null;
        using var listened = new Listened();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnHello = (_, context) =>
                {
                    inherited = context.Inherit();
                    return new(ScriptedGreeter.Reply($"{context.Headers.Count}"));
                },
            }
        );
        using RawClient raw = RawClient.Bound(host.Endpoint);
        IPCFrame call = raw.Call(1, "Ada");
        call.MsgInvokeMethod.Headers.Add(Header("traceparent", parent));
        raw.Send(call);
        Assert.That(RawClient.Message(raw.ReceiveReply(call.RequestId)), Is.EqualTo("0"));
        Assert.That((inherited!.Trace, (await listened.EndedAsync(1))[0].HasRemoteParent), Is.EqualTo((null as object, false)));
    }

    [Test]
    public async Task G5_a_trace_context_without_room_does_not_fail_the_call()
    {
        CallContext? seen = null;
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (_, context) =>
                {
                    seen = context;
                    return new(ScriptedGreeter.Reply(""));
                },
            }
        );
        using Activity current = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        await session.Proxy.HelloAsync(new CallOptions { Headers = new Dictionary<string, string> { ["n"] = new('x', 8170) } }).Within("the reply");
        Assert.That((seen!.Headers["n"].Length, seen.Trace), Is.EqualTo((8170, null as object)));
    }

    [Test]
    public async Task G5_a_listener_that_throws_does_not_affect_a_call()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Signals.Ipc",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = static _ => throw new InvalidOperationException("on purpose"),
            ActivityStopped = static _ => throw new InvalidOperationException("on purpose"),
        };
        ActivitySource.AddActivityListener(listener);
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada"));
    }

    private static async Task BindToAnnouncingAsync(ScriptedHost host, IpcClient client, GreeterProxy proxy)
    {
        client.Connect();
        await host.AcceptAsync();
        Task binding = client.BindAsync(proxy);
        IPCFrame reply = ScriptedHost.BindReply((await host.ReadFrameAsync()).RequestId);
        reply.MsgBindServiceReply.Control = true;
        await host.SendAsync(reply);
        await binding.Within("binding");
        Assert.That((await host.ReadFrameAsync()).MsgBindService.ServiceName, Is.EqualTo("SignalsControl"));
    }

    private static (string Name, string Value)[] HeadersOf(IPCFrame frame) =>
        [
            .. frame
                .MsgInvokeMethod.Headers.Select(bytes => IPCFrame.Types.CallHeader.Parser.ParseFrom(bytes))
                .Select(header => (header.Name, header.Value)),
        ];

    private static Google.Protobuf.ByteString Header(string name, string value)
    {
        var header = new IPCFrame.Types.CallHeader { Name = name, Value = value };
        return Google.Protobuf.ByteString.CopyFrom(Google.Protobuf.MessageExtensions.ToByteArray(header));
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> RememberAsync(ConcurrentQueue<Activity?> seen)
    {
        seen.Enqueue(Activity.Current);
        await Task.Yield();
        yield return ScriptedGreeter.Reply("1");
        seen.Enqueue(Activity.Current);
        yield return ScriptedGreeter.Reply("2");
        seen.Enqueue(Activity.Current);
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> EndlessAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    /// <summary>Listens to the activities of the library.</summary>
    private sealed class Listened : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        internal Listened()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "Signals.Ipc",
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        internal async Task<Activity[]> EndedAsync(int count)
        {
            await Bounded.UntilAsync(() => _ended.Count >= count, "the ends of the activities");
            Assert.That(_ended, Has.Count.EqualTo(count));
            return [.. _ended];
        }

        public void Dispose() => _listener.Dispose();
    }
}
