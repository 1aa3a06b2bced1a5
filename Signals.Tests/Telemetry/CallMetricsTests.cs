using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Telemetry.Support;

namespace Signals.Tests.Telemetry;

/// <summary>M1: the durations of calls are measured on both sides, by the conventions of OpenTelemetry.</summary>
public sealed class CallMetricsTests
{
    private const string Client = "rpc.client.call.duration";
    private const string Server = "rpc.server.call.duration";
    private static readonly string[] Sides = [Client, Server];

    [TestCase(Client)]
    [TestCase(Server)]
    public async Task M1_a_call_has_the_attributes_and_the_buckets_of_the_conventions(string instrument)
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        Point point = await OnlyAsync(metered, instrument, session.Host.Endpoint);
        Assert.That(
            point.Text,
            Is.EqualTo($"rpc.method=Greeter/SayHello rpc.response.status_code=OK rpc.system.name=signals_ipc server.address={session.Host.Path}")
        );
        double[] bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, double.PositiveInfinity];
        Assert.That(point.Bounds, Is.EqualTo(bounds));
    }

    [Test]
    public async Task M1_the_duration_is_that_of_the_time_provider_in_seconds()
    {
        using var metered = new Metered();
        var time = new FakeTime();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (_, _) =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(1500));
                    return new(ScriptedGreeter.Reply(""));
                },
            },
            new IpcHostOptions { TimeProvider = time },
            new IpcClientOptions { TimeProvider = time }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        foreach (string side in Sides)
        {
            Point point = await OnlyAsync(metered, side, session.Host.Endpoint);
            Assert.That((point.Value, point.Count), Is.EqualTo((1.5, 1)), side);
        }
    }

    [TestCase(IpcStatusCode.NotFound, "NOT_FOUND")]
    [TestCase(IpcStatusCode.DataLoss, "DATA_LOSS")]
    [TestCase(IpcStatusCode.Unknown, "UNKNOWN")]
    [TestCase((IpcStatusCode)4711, "UNKNOWN")]
    public async Task M1_a_call_that_fails_has_its_status_as_the_type_of_the_error(IpcStatusCode status, string name)
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(status, "") }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        await AssertStatusAsync(metered, session, name, Sides);
    }

    [Test]
    public async Task M1_a_method_that_throws_has_an_unknown_error()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => throw new InvalidOperationException("on purpose") }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        await AssertStatusAsync(metered, session, "UNKNOWN", Sides);
    }

    [Test]
    public async Task M1_a_canceled_call_is_canceled_on_both_sides()
    {
        using var metered = new Metered();
        using var cancellation = new CancellationTokenSource();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (_, context) =>
                {
                    await cancellation.CancelAsync();
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                    return ScriptedGreeter.Reply("");
                },
            }
        );
        await Assert.ThatAsync(
            () => session.Proxy.SayHelloAsync("Ada", cancellation.Token).Within("the end"),
            Throws.InstanceOf<OperationCanceledException>()
        );
        await AssertStatusAsync(metered, session, "CANCELLED", Sides);
    }

    [Test]
    public async Task M1_a_call_whose_time_is_over_has_exceeded_its_deadline_on_both_sides()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (_, context) =>
                {
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                    return ScriptedGreeter.Reply("");
                },
            }
        );
        var options = new CallOptions { Timeout = TimeSpan.FromMilliseconds(1) };
        await Assert.ThatAsync(() => session.Proxy.HelloAsync(options).Within("the end"), Throws.InstanceOf<TimeoutException>());
        Assert.That((await OnlyAsync(metered, Client, session.Host.Endpoint)).Attributes["error.type"], Is.EqualTo("DEADLINE_EXCEEDED"));

        // The client may cancel the call before its method begins, or before the host notices the deadline itself.
        Assert.That((await OnlyAsync(metered, Server, session.Host.Endpoint)).Attributes["error.type"], Is.AnyOf("DEADLINE_EXCEEDED", "CANCELLED"));
    }

    [Test]
    public async Task M1_a_call_without_a_connection_is_unavailable()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await session.Host.Host.StopAsync().Within("the stop");
        await Assert.ThatAsync(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"), Throws.InstanceOf<IpcException>());
        await AssertStatusAsync(metered, session, "UNAVAILABLE", Client);
    }

    [Test]
    public async Task M1_a_stream_is_measured_up_to_its_end()
    {
        using var metered = new Metered();
        var release = new TaskCompletionSource();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, _) => WaitingAsync(release.Task) });
        int replies = 0;
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            foreach (string side in Sides)
            {
                Assert.That(metered.Points(side, "server.address", session.Host.Path), Is.Empty, "The stream has not ended.");
            }

            replies++;
            release.SetResult();
        }

        Assert.That(replies, Is.EqualTo(1));
        foreach (string side in Sides)
        {
            Point point = await OnlyAsync(metered, side, session.Host.Endpoint);
            Assert.That((point.Attributes["rpc.method"], point.Attributes["rpc.response.status_code"]), Is.EqualTo(("Greeter/WatchGreetings", "OK")));
        }
    }

    [Test]
    public async Task M1_a_stream_that_is_left_is_canceled()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync(context) });
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            break;
        }

        await AssertStatusAsync(metered, session, "CANCELLED", Sides);
    }

    [Test]
    public async Task M1_a_stream_that_fails_has_its_status()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, _) => FailingAsync() });
        await Assert.ThatAsync(() => session.Proxy.WatchGreetings("Ada").CountAsync().Within("the failure"), Throws.InstanceOf<IpcCallException>());
        await AssertStatusAsync(metered, session, "ABORTED", Sides);
    }

    [Test]
    public async Task M1_a_stream_that_waits_for_a_connection_is_measured_once()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        var options = new CallOptions { WaitForReady = true };
        Assert.That(await session.Proxy.WatchAsync(options).CountAsync().Within("the replies"), Is.EqualTo(3));
        Assert.That((await OnlyAsync(metered, Client, session.Host.Endpoint)).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task M1_calls_without_a_reply_are_measured()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await session.Proxy.Tell("Ada").Within("sending");
        foreach (string side in Sides)
        {
            Assert.That((await OnlyAsync(metered, side, session.Host.Endpoint)).Attributes["rpc.method"], Is.EqualTo("Greeter/SayHello"), side);
        }
    }

    [Test]
    public async Task M1_the_call_of_a_writer_is_measured()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        await session.Proxy.WaveGoodbye("Ada").Within("the reply");
        foreach (string side in Sides)
        {
            Assert.That((await OnlyAsync(metered, side, session.Host.Endpoint)).Attributes["rpc.method"], Is.EqualTo("Greeter/WaveGoodbye"), side);
        }
    }

    [Test]
    public async Task M1_intercepted_calls_are_measured_once()
    {
        using var metered = new Metered();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions { Interceptors = [new PassingInterceptor(), new PassingInterceptor()] },
            new IpcClientOptions { Interceptors = [new PassingInterceptor(), new PassingInterceptor()] }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        foreach (string side in Sides)
        {
            Assert.That((await OnlyAsync(metered, side, session.Host.Endpoint)).Count, Is.EqualTo(1), side);
        }
    }

    [Test]
    public async Task M1_the_address_of_tcp_has_a_port()
    {
        using var metered = new Metered();
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        IpcEndpoint endpoint = host.Start(IpcEndpoint.Tcp("127.0.0.1", 0));
        await using var client = new IpcClient(endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        await proxy.SayHelloAsync("Ada").Within("the reply");
        foreach (string side in Sides)
        {
            await Bounded.UntilAsync(() => metered.Points(side, "server.port", endpoint.Port).Length == 1, side);
            Assert.That(metered.Points(side, "server.port", endpoint.Port)[0].Attributes["server.address"], Is.EqualTo("127.0.0.1"));
        }
    }

    [Test]
    public async Task M1_a_method_that_the_host_does_not_have_is_measured_without_its_name()
    {
        using var metered = new Metered();
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(client.Invoke(4711).Success, Is.False);
        Point point = await OnlyAsync(metered, Server, host.Endpoint);
        Assert.That((point.Attributes["rpc.method"], point.Attributes["error.type"]), Is.EqualTo(("_OTHER", "UNIMPLEMENTED")));
    }

    [Test]
    public async Task M1_a_request_that_cannot_be_decoded_is_an_invalid_argument()
    {
        using var metered = new Metered();
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1);
        call.MsgInvokeMethod.ArgsProto = Google.Protobuf.ByteString.CopyFrom(0xff);
        client.Send(call);
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.False);
        Point point = await OnlyAsync(metered, Server, host.Endpoint);
        Assert.That((point.Attributes["rpc.method"], point.Attributes["error.type"]), Is.EqualTo(("Greeter/SayHello", "INVALID_ARGUMENT")));
    }

    [Test]
    public async Task M4_a_listener_that_throws_does_not_affect_calls()
    {
        using var throwing = new Throwing();
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter());
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        Assert.That((await session.Proxy.WaveGoodbye("Ada").Within("the reply")).Message, Is.EqualTo("Goodbye Ada"));
        Assert.That(await session.Proxy.WatchGreetings("Ada").CountAsync().Within("the replies"), Is.EqualTo(3));
        await session.Proxy.Tell("Ada").Within("sending");
        await session.IdleAsync();
        Assert.That(throwing.Thrown, Is.AtLeast(7));
    }

    private static async Task AssertStatusAsync(Metered metered, TestSession session, string status, params string[] sides)
    {
        foreach (string side in sides)
        {
            Point point = await OnlyAsync(metered, side, session.Host.Endpoint);
            Assert.That((point.Attributes["rpc.response.status_code"], point.Attributes["error.type"]), Is.EqualTo((status, status)), side);
        }
    }

    /// <summary>Waits for the measurement of the only call: a host ends a call after its client has the reply.</summary>
    private static async Task<Point> OnlyAsync(Metered metered, string instrument, IpcEndpoint endpoint)
    {
        Point[] points = [];
        await Bounded.UntilAsync(() => (points = metered.Points(instrument, "server.address", endpoint.Path)).Length > 0, instrument);
        Assert.That(points, Has.Length.EqualTo(1));
        return points[0];
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> EndlessAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> WaitingAsync(Task released)
    {
        yield return ScriptedGreeter.Reply("one");
        await released;
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> FailingAsync()
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Yield();
        throw new IpcStatusException(IpcStatusCode.Aborted, "");
    }
}
