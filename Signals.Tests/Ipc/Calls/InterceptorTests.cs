using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Client;
using Signals.Ipc.Services;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Interceptors of calls that have one reply, or none.</summary>
[TestFixture]
public sealed class InterceptorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task G10_interceptors_of_both_sides_run_outermost_first()
    {
        using var seen = new Received<string>();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions { Interceptors = [new RecordingInterceptor("c", seen), new RecordingInterceptor("d", seen)] },
            new IpcClientOptions { Interceptors = [new RecordingInterceptor("a", seen), new RecordingInterceptor("b", seen)] }
        );
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        Assert.That(
            (string[])[.. Enumerable.Range(0, 8).Select(_ => seen.Next())],
            Is.EqualTo(
                (string[])
                    [
                        "a: Greeter.SayHello begins",
                        "b: Greeter.SayHello begins",
                        "c: Greeter.SayHello begins",
                        "d: Greeter.SayHello begins",
                        "d: OK",
                        "c: OK",
                        "b: OK",
                        "a: OK",
                    ]
            )
        );
    }

    [Test]
    public async Task G10_calls_of_generated_and_of_handwritten_proxies_pass_through_interceptors()
    {
        int calls = 0;
        await using TestSession session = await OfClientAsync(
            (_, request, next) =>
            {
                calls++;
                return next(request);
            }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the call of a handwritten proxy");
        await session.Proxy.HelloAsync(new CallOptions()).Within("the call of a generated proxy");
        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public async Task G10_an_interceptor_of_a_client_sees_method_headers_messages_status_and_duration()
    {
        var time = new FakeTime();
        await using TestSession session = await OfClientAsync(
            async (call, request, next) =>
            {
                Assert.That((call.ServiceName, call.MethodName, call.IsStreaming, call.IsOneWay), Is.EqualTo(("Greeter", "SayHello", false, false)));
                Assert.That((call.Context, call.StatusCode, call.Headers["USER"]), Is.EqualTo(((CallContext?)null, (IpcStatusCode?)null, "ada")));
                Assert.That(call.Deadline, Is.EqualTo(time.GetUtcNow() + (60 * Second)));
                Assert.That(request, Is.EqualTo(new GreeterRequestMsg { Name = "Ada" }));
                time.Advance(2 * Second);
                IMessage reply = await next(request);
                time.Advance(3 * Second);
                Assert.That((call.StatusCode, call.Duration), Is.EqualTo(((IpcStatusCode?)IpcStatusCode.OK, 2 * Second)));
                Assert.That(reply, Is.EqualTo(ScriptedGreeter.Reply("Hello Ada")));
                return reply;
            },
            options: new IpcClientOptions { TimeProvider = time }
        );
        var options = new CallOptions
        {
            Headers = new Dictionary<string, string> { ["user"] = "ada" },
            Timeout = 60 * Second,
        };
        await session.Proxy.HelloAsync(options).Within("the reply");
    }

    [Test]
    public async Task G10_an_interceptor_of_a_host_sees_client_method_headers_messages_status_and_duration()
    {
        var time = new FakeTime();
        await using TestSession session = await OfHostAsync(
            async (call, request, next) =>
            {
                Assert.That((call.ServiceName, call.MethodName, call.IsStreaming, call.IsOneWay), Is.EqualTo(("Greeter", "SayHello", false, false)));
                Assert.That((call.Context!.Client.Id, call.StatusCode, call.Headers["USER"]), Is.EqualTo((1L, (IpcStatusCode?)null, "ada")));
                Assert.That((call.Deadline, call.CancellationToken), Is.EqualTo((call.Context.Deadline, call.Context.CancellationToken)));
                Assert.That(() => call.SetHeader("name", "value"), Throws.InvalidOperationException);
                Assert.That(request, Is.EqualTo(new GreeterRequestMsg { Name = "Ada" }));
                IMessage reply = await next(request);
                Assert.That((call.StatusCode, call.Duration), Is.EqualTo(((IpcStatusCode?)IpcStatusCode.OK, 2 * Second)));
                Assert.That(reply, Is.EqualTo(ScriptedGreeter.Reply("after two seconds")));
                return reply;
            },
            new IpcHostOptions { TimeProvider = time, IncludeExceptionDetails = true },
            new ScriptedGreeter
            {
                OnHello = (_, _) =>
                {
                    time.Advance(2 * Second);
                    return new(ScriptedGreeter.Reply("after two seconds"));
                },
            }
        );
        await session.Proxy.HelloAsync(new CallOptions { Headers = new Dictionary<string, string> { ["user"] = "ada" } }).Within("the reply");
    }

    [Test]
    public async Task G10_an_interceptor_of_a_client_adds_a_header_before_the_call_is_written()
    {
        string? seen = null;
        await using TestSession session = await OfClientAsync(
            async (call, request, next) =>
            {
                await Task.Yield();
                call.SetHeader("Authorization", "token");
                return await next(request);
            },
            new ScriptedGreeter
            {
                OnHello = (_, context) =>
                {
                    seen = context.Headers["authorization"];
                    return new(ScriptedGreeter.Reply(""));
                },
            }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
        Assert.That(seen, Is.EqualTo("token"));
    }

    [TestCase("a b", "value")]
    [TestCase("name", "line\nbreak")]
    [TestCase("traceparent", "value")]
    public async Task G10_a_header_that_is_not_valid_is_refused(string name, string value)
    {
        await using TestSession session = await OfClientAsync(
            (call, request, next) =>
            {
                Assert.That(() => call.SetHeader(name, value), Throws.ArgumentException.With.Message.Contains(name));
                return next(request);
            }
        );
        await session.Proxy.SayHelloAsync("Ada").Within("the reply");
    }

    [Test]
    public async Task G10_interceptors_replace_messages()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions { Interceptors = [new FunctionInterceptor((call, request, next) => AppendAsync(call, request, next, " host"))] },
            new IpcClientOptions { Interceptors = [new FunctionInterceptor((call, request, next) => AppendAsync(call, request, next, " client"))] }
        );
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada client host host client"));
    }

    [Test]
    public async Task G10_an_interceptor_of_a_client_replies_without_the_host()
    {
        await using var client = new IpcClient(
            IpcEndpoint.InMemory("nowhere"),
            new IpcClientOptions { Interceptors = [new FunctionInterceptor((_, _, _) => new(ScriptedGreeter.Reply("cached")))] }
        );
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        Assert.That((await proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("cached"));
    }

    [Test]
    public async Task G10_interceptors_see_calls_after_the_connection_was_lost()
    {
        IpcStatusCode? seen = null;
        await using TestSession session = await OfClientAsync(
            async (call, request, next) =>
            {
                try
                {
                    return await next(request);
                }
                catch (IpcCallException exception)
                {
                    seen = exception.StatusCode;
                    return ScriptedGreeter.Reply("offline");
                }
            }
        );
        await session.Client.DisposeAsync();
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("offline"));
        Assert.That(seen, Is.EqualTo(IpcStatusCode.Unavailable));
    }

    [Test]
    public async Task G10_an_interceptor_of_a_host_replies_without_the_method()
    {
        await using TestSession session = await OfHostAsync(
            (_, _, _) => new(ScriptedGreeter.Reply("cached")),
            service: new ScriptedGreeter { OnHello = (_, _) => throw new InvalidOperationException("The method was called.") }
        );
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("cached"));
    }

    [Test]
    public async Task G10_an_interceptor_of_a_client_fails_a_call_with_a_status()
    {
        await using TestSession session = await OfClientAsync((_, _, _) => throw new IpcStatusException(IpcStatusCode.PermissionDenied, "Not today."));
        IpcCallException failure = await FailAsync<IpcCallException>(session);
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.PermissionDenied, "Not today.")));
        Assert.That(failure.Message, Does.Contain("Greeter.SayHello").And.EndWith("Not today."));
    }

    [Test]
    public async Task G10_what_else_an_interceptor_of_a_client_throws_reaches_the_caller()
    {
        IpcStatusCode? seen = null;
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            clientOptions: new IpcClientOptions
            {
                Interceptors =
                [
                    new FunctionInterceptor(
                        async (_, request, next) =>
                        {
                            try
                            {
                                return await next(request);
                            }
                            catch (IpcCallException exception)
                            {
                                seen = exception.StatusCode;
                                throw;
                            }
                        }
                    ),
                    new FunctionInterceptor((_, _, _) => throw new NotSupportedException("on purpose")),
                ],
            }
        );
        NotSupportedException failure = await FailAsync<NotSupportedException>(session);
        Assert.That((failure.Message, seen), Is.EqualTo(("on purpose", (IpcStatusCode?)IpcStatusCode.Unknown)));
    }

    [Test]
    public async Task G4_an_exception_of_an_interceptor_of_a_host_determines_the_status_as_one_of_a_method_does()
    {
        Exception thrown = new IpcStatusException(IpcStatusCode.Unauthenticated, "Who are you?");
        await using TestSession session = await OfHostAsync((_, _, _) => throw thrown);
        IpcCallException failure = await FailAsync<IpcCallException>(session);
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.Unauthenticated, "Who are you?")));
        thrown = new InvalidOperationException("secret");
        failure = await FailAsync<IpcCallException>(session);
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.Unknown, "")));
    }

    [Test]
    public async Task G10_an_interceptor_of_a_host_sees_what_the_method_throws()
    {
        (Exception? Exception, IpcStatusCode? Status) seen = default;
        await using TestSession session = await OfHostAsync(
            async (call, request, next) =>
            {
                try
                {
                    return await next(request);
                }
                catch (Exception exception)
                {
                    seen = (exception, call.StatusCode);
                    throw new IpcStatusException(IpcStatusCode.NotFound, "translated");
                }
            },
            service: new ScriptedGreeter { OnHello = (_, _) => throw new KeyNotFoundException("Ada") }
        );
        IpcCallException failure = await FailAsync<IpcCallException>(session);
        Assert.That((seen.Exception!.Message, seen.Status), Is.EqualTo(("Ada", (IpcStatusCode?)IpcStatusCode.Unknown)));
        Assert.That((failure.StatusCode, failure.StatusMessage), Is.EqualTo((IpcStatusCode.NotFound, "translated")));
    }

    [Test]
    public async Task G10_a_failure_that_an_interceptor_of_a_client_sees_is_a_call_exception_and_the_caller_gets_the_usual_one()
    {
        var seen = new List<(IpcStatusCode, IpcStatusCode?)>();
        var time = new FakeTime();
        await using TestSession session = await OfClientAsync(
            async (call, request, next) =>
            {
                try
                {
                    return await next(request);
                }
                catch (IpcCallException exception)
                {
                    seen.Add((exception.StatusCode, call.StatusCode));
                    throw;
                }
            },
            new ScriptedGreeter
            {
                OnHello = async (_, context) =>
                {
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                    return ScriptedGreeter.Reply("");
                },
                OnGoodbye = (_, reply) => reply.Fail(new IpcStatusException(IpcStatusCode.NotFound, "")),
            },
            new IpcClientOptions { TimeProvider = time, MaxFrameSize = 1024 }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.WaveGoodbye("Ada").Within("the failure"));

        Task<GreeterReplyMsg> late = session.Proxy.HelloAsync(new CallOptions { Timeout = Second });
        await Bounded.UntilAsync(() => time.Due.Contains(Second), "the timer");
        time.Advance(Second);
        await Assert.ThrowsAsync<TimeoutException>(() => late.Within("the timeout"));

        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> cancelled = session.Proxy.SayHelloAsync("Ada", cancellation.Token);
        cancellation.Cancel();
        OperationCanceledException? end = await Assert.CatchAsync<OperationCanceledException>(() => cancelled.Within("the end"));
        Assert.That((end!.CancellationToken, cancelled.IsCanceled), Is.EqualTo((cancellation.Token, true)));

        await Assert.ThrowsAsync<IpcException>(() => session.Proxy.SayHelloAsync(new string('x', 2000)).Within("the failure"));
        Task<GreeterReplyMsg> lost = session.Proxy.SayHelloAsync("Ada");
        await session.Client.DisposeAsync();
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => lost.Within("the failure"));
        IpcStatusCode[] expected =
        [
            IpcStatusCode.NotFound,
            IpcStatusCode.DeadlineExceeded,
            IpcStatusCode.Cancelled,
            IpcStatusCode.ResourceExhausted,
            IpcStatusCode.Unavailable,
        ];
        Assert.That(seen, Is.EqualTo(expected.Select(status => (status, (IpcStatusCode?)status))));
    }

    [Test]
    public async Task G10_an_interceptor_repeats_a_call()
    {
        int attempts = 0;
        await using TestSession session = await OfClientAsync(
            async (call, request, next) =>
            {
                while (true)
                {
                    try
                    {
                        return await next(request);
                    }
                    catch (IpcCallException exception) when (exception.StatusCode == IpcStatusCode.Unavailable)
                    {
                        call.SetHeader("attempt", $"{attempts}");
                    }
                }
            },
            new ScriptedGreeter
            {
                OnHello = (_, context) =>
                    ++attempts < 3 ? throw new IpcStatusException(IpcStatusCode.Unavailable, "") : new(ScriptedGreeter.Reply(context.Headers["attempt"])),
            }
        );
        Assert.That((await session.Proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("2"));
    }

    [Test]
    public async Task G10_the_caller_may_reuse_its_message_while_an_interceptor_waits()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await OfClientAsync(
            async (_, request, next) =>
            {
                await release.Task;
                return await next(request);
            }
        );
        var request = new GreeterRequestMsg { Name = "Ada" };
        Task<GreeterReplyMsg> call = session.Proxy.Calls.CallAsync(GreeterProxy.SayHello, request);
        request.Name = "Bob";
        release.SetResult();
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
    }

    [Test]
    public async Task G10_messages_of_another_type_fail_the_call()
    {
        await using TestSession session = await OfClientAsync((_, _, next) => next(new OtherMsg { Text = "" }));
        ArgumentException failure = await FailAsync<ArgumentException>(session);
        Assert.That(failure.Message, Does.Contain("GreeterRequestMsg").And.Contain("OtherMsg"));
        await using TestSession other = await OfClientAsync((_, _, _) => new(new OtherMsg { Text = "" }));
        InvalidOperationException wrong = await FailAsync<InvalidOperationException>(other);
        Assert.That(wrong.Message, Does.Contain("GreeterReplyMsg").And.Contain("OtherMsg").And.Contain(nameof(FunctionInterceptor)));
        await using TestSession third = await OfClientAsync((_, _, _) => new((IMessage)null!));
        await FailAsync<InvalidOperationException>(third);
    }

    [Test]
    public async Task G10_one_way_calls_pass_through_interceptors_of_both_sides()
    {
        using var seen = new Received<(bool IsOneWay, bool IsHost, IMessage Reply)>();
        var interceptor = new FunctionInterceptor(
            async (call, request, next) =>
            {
                IMessage reply = await next(request);
                seen.Add((call.IsOneWay, call.Context is not null, reply));
                return reply;
            }
        );
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter(),
            new IpcHostOptions { Interceptors = [interceptor] },
            new IpcClientOptions { Interceptors = [interceptor] }
        );
        await session.Proxy.Tell("Ada").Within("sending");
        Assert.That(
            (object[])[seen.Next(), seen.Next()],
            Is.EquivalentTo(((bool, bool, IMessage)[])[(true, false, new Empty()), (true, true, ScriptedGreeter.Reply("Hello Ada"))])
        );
    }

    [Test]
    public async Task G10_an_interceptor_fails_a_one_way_call()
    {
        await using TestSession session = await OfClientAsync((_, _, _) => throw new IpcStatusException(IpcStatusCode.Aborted, ""));
        IpcCallException? failure = await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.Tell("Ada").Within("the failure"));
        Assert.That(failure!.StatusCode, Is.EqualTo(IpcStatusCode.Aborted));
    }

    [Test]
    public async Task G10_the_time_of_an_interceptor_is_part_of_the_time_limit()
    {
        var time = new FakeTime();
        await using TestSession session = await OfClientAsync(
            (_, request, next) =>
            {
                time.Advance(2 * Second);
                return next(request);
            },
            new ScriptedGreeter { OnHello = (_, _) => new(new TaskCompletionSource<GreeterReplyMsg>().Task) },
            new IpcClientOptions { TimeProvider = time }
        );
        Task<GreeterReplyMsg> call = session.Proxy.HelloAsync(new CallOptions { Timeout = 3 * Second });
        await Bounded.UntilAsync(() => time.Due.Contains(Second), "the timer");
        time.Advance(Second);
        TimeoutException? late = await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        Assert.That(late!.Message, Does.Contain("00:00:03"));
    }

    [Test]
    public async Task G10_a_call_that_waits_for_ready_passes_through_interceptors_once()
    {
        using var path = new SocketPath();
        int calls = 0;
        var options = new IpcClientOptions
        {
            Retry = true,
            Interceptors =
            [
                new FunctionInterceptor(
                    (call, request, next) =>
                    {
                        calls++;
                        call.SetHeader("name", "value");
                        return next(request);
                    }
                ),
            ],
        };
        await using var client = new IpcClient(path.Endpoint, options);
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        client.Connect();
        Task<GreeterReplyMsg> call = proxy.HelloAsync(new CallOptions { WaitForReady = true });
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter { OnHello = (_, context) => new(ScriptedGreeter.Reply(context.Headers["name"])) });
        host.Start(path.Endpoint);
        Assert.That(((await call.Within("the reply")).Message, calls), Is.EqualTo(("value", 1)));
    }

    [Test]
    public async Task G10_calls_of_a_host_without_extensions_pass_through_interceptors_too()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(
            path.Endpoint,
            new IpcClientOptions
            {
                Interceptors =
                [
                    new FunctionInterceptor(
                        (call, request, next) =>
                        {
                            call.SetHeader("name", "value");
                            return AppendAsync(call, request, next, "!");
                        }
                    ),
                ],
            }
        );
        client.Connect();
        await host.AcceptAsync();
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        await host.ReplyToBindAsync();
        await binding.Within("binding");
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        IPCFrame frame = await host.ReadFrameAsync();
        Assert.That(GreeterRequestMsg.Parser.ParseFrom(frame.MsgInvokeMethod.ArgsProto).Name, Is.EqualTo("Ada!"));
        Assert.That(frame.MsgInvokeMethod.Headers, Is.Empty);
        await host.SendAsync(ScriptedHost.Reply(frame.RequestId, "Hello"));
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello!"));
    }

    [Test]
    public async Task G10_calls_of_a_client_without_extensions_pass_through_the_interceptors_of_a_host()
    {
        await using var host = new TestHost(
            options: new IpcHostOptions { Interceptors = [new FunctionInterceptor((call, request, next) => AppendAsync(call, request, next, "!"))] }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(RawClient.Message(client.Invoke(1, "Ada")), Is.EqualTo("Hello Ada!!"));
        Assert.That(RawClient.Message(client.Invoke(2, "Ada")), Is.EqualTo("Goodbye Ada!!"));
    }

    [Test]
    public async Task G10_interceptors_of_a_host_do_not_see_requests_that_the_host_refuses()
    {
        int calls = 0;
        await using var host = new TestHost(
            options: new IpcHostOptions
            {
                Interceptors =
                [
                    new FunctionInterceptor(
                        (_, request, next) =>
                        {
                            calls++;
                            return next(request);
                        }
                    ),
                ],
            }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(client.Invoke(99, "Ada").Success, Is.False);
        IPCFrame call = client.Call(1);
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom(0x0a, 0x7f);
        client.Send(call);
        Assert.That((client.ReceiveReply(call.RequestId).Success, calls), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task G1_cancellation_reaches_an_interceptor_of_a_host()
    {
        using var cancelled = new Received<IpcStatusCode?>();
        await using TestSession session = await OfHostAsync(
            async (call, request, next) =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, call.CancellationToken);
                    return await next(request);
                }
                finally
                {
                    cancelled.Add(call.StatusCode);
                }
            }
        );
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> call = session.Proxy.SayHelloAsync("Ada", cancellation.Token);
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 1, "the call");
        cancellation.Cancel();
        Assert.That(cancelled.Next(), Is.Null);
        Assert.That(async () => await call.Within("the end"), Throws.InstanceOf<OperationCanceledException>());
        await session.IdleAsync();
    }

    [Test]
    public void G10_lists_of_interceptors_are_copied_and_contain_no_null()
    {
        var list = new List<CallInterceptor> { new FunctionInterceptor((_, request, next) => next(request)) };
        var client = new IpcClientOptions { Interceptors = list };
        var host = new IpcHostOptions { Interceptors = list };
        list.Clear();
        Assert.That((client.Interceptors.Count, host.Interceptors.Count, new IpcHostOptions().Interceptors.Count), Is.EqualTo((1, 1, 0)));
        Assert.That(() => client.Interceptors = null!, Throws.ArgumentNullException);
        Assert.That(() => host.Interceptors = [list.FirstOrDefault()!], Throws.ArgumentException.With.Message.Contains("index 0"));
    }

    [Test]
    public void G10_without_interceptors_no_object_is_between_a_call_and_its_connection()
    {
        Assert.That(ObservedCalls.Of(new IpcClientOptions(), clientId: 1), Is.Null);
        Assert.That(CallObserver.Of(new IpcHostOptions()), Is.Null);
    }

    private static async ValueTask<IMessage> AppendAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next, string text)
    {
        var greeted = (GreeterRequestMsg)request;
        var reply = (GreeterReplyMsg)await next(new GreeterRequestMsg { Name = greeted.Name + (call.MethodName.Length == 0 ? "" : text) });
        return ScriptedGreeter.Reply(reply.Message + text);
    }

    private static Task<TestSession> OfClientAsync(
        Func<InterceptedCall, IMessage, Func<IMessage, ValueTask<IMessage>>, ValueTask<IMessage>> function,
        ScriptedGreeter? service = null,
        IpcClientOptions? options = null
    )
    {
        options ??= new IpcClientOptions();
        options.Interceptors = [new FunctionInterceptor(function)];
        return TestSession.StartAsync(service ?? new ScriptedGreeter(), clientOptions: options);
    }

    private static Task<TestSession> OfHostAsync(
        Func<InterceptedCall, IMessage, Func<IMessage, ValueTask<IMessage>>, ValueTask<IMessage>> function,
        IpcHostOptions? options = null,
        ScriptedGreeter? service = null
    )
    {
        options ??= new IpcHostOptions();
        options.Interceptors = [new FunctionInterceptor(function)];
        return TestSession.StartAsync(service ?? new ScriptedGreeter(), options);
    }

    private static async Task<TException> FailAsync<TException>(TestSession session)
        where TException : Exception => (await Assert.ThrowsAsync<TException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure")))!;
}
