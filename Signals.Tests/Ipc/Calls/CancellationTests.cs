using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Cancellation reaches the method that runs in another process.</summary>
[TestFixture]
public sealed class CancellationTests
{
    [Test]
    public async Task G1_cancelling_a_calls_token_cancels_the_method()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnHello = (_, context) => WaitAsync(context, cancelled) });
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> call = session.Proxy.SayHelloAsync("Ada", cancellation.Token);
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 1, "the call");
        cancellation.Cancel();
        await cancelled.Task.Within("the cancellation of the method");
        Assert.That(async () => await call.Within("the end of the call"), Throws.InstanceOf<OperationCanceledException>());
        await session.IdleAsync();
        await AssertServesAsync(session);
    }

    [Test]
    public async Task G1_the_timeout_of_a_call_cancels_the_method()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var time = new FakeTime();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, context) => WaitAsync(context, cancelled) },
            clientOptions: new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(3), TimeProvider = time }
        );
        Task<GreeterReplyMsg> call = session.Proxy.SayHelloAsync("Ada");
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 1, "the call");
        time.Advance(TimeSpan.FromSeconds(3));
        await cancelled.Task.Within("the cancellation of the method");
        Assert.That(async () => await call.Within("the end of the call"), Throws.InstanceOf<TimeoutException>());
        await session.IdleAsync();
    }

    [TestCase("break")]
    [TestCase("exception")]
    [TestCase("token")]
    [TestCase("proxy")]
    public async Task G1_a_stream_that_is_left_runs_its_finally(string how)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, context) => EndlessAsync(ended, context) });
        using var cancellation = new CancellationTokenSource();
        try
        {
            await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada", cancellation.Token))
            {
                switch (how)
                {
                    case "break":
                        break;
                    case "exception":
                        throw new InvalidOperationException();
                    case "token":
                        cancellation.Cancel();
                        continue;
                    default:
                        session.Proxy.Dispose();
                        continue;
                }

                break;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException or IpcDisconnectedException)
        {
            Assert.That(how, Is.Not.EqualTo("break"));
        }

        await ended.Task.Within("the finally block of the method");
        await session.IdleAsync();
    }

    [Test]
    public async Task G1_a_stream_that_ignores_its_token_counts_until_its_step_ends()
    {
        var step = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, _) => StubbornAsync(step.Task, ended) });
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
        {
            break;
        }

        await AssertServesAsync(session);
        Assert.That(session.Host.Host.ActiveCalls, Is.EqualTo(1));
        step.SetResult();
        await ended.Task.Within("the finally block of the method");
        await session.IdleAsync();
    }

    [Test]
    public async Task G1_after_thousands_of_streams_that_were_left_calls_work()
    {
        int finallies = 0;
        await using TestSession session = await TestSession.StartAsync(new ScriptedGreeter { OnWatch = (_, context) => CountingAsync(context) });
        for (int i = 0; i < 3000; i++)
        {
            await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetings("Ada"))
            {
                break;
            }
        }

        await AssertServesAsync(session);
        await session.IdleAsync();
        Assert.That((Volatile.Read(ref finallies), session.Client.PendingCalls), Is.EqualTo((3000, 0)));

        async IAsyncEnumerable<GreeterReplyMsg> CountingAsync(CallContext context)
        {
            try
            {
                yield return ScriptedGreeter.Reply("one");
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref finallies);
            }
        }
    }

    [Test]
    public async Task G1_after_thousands_of_cancelled_calls_calls_work()
    {
        var ignored = new TaskCompletionSource();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = (request, context) => request.Name == "served" ? new(ScriptedGreeter.Reply("Hello served")) : WaitAsync(context, ignored),
            }
        );
        for (int i = 0; i < 3000; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Task call = session.Proxy.SayHelloAsync("Ada", cancellation.Token);
            cancellation.Cancel();
            Assert.That(async () => await call.Within("the end of the call"), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That((await session.Proxy.SayHelloAsync("served").Within("the reply")).Message, Is.EqualTo("Hello served"));
        await session.IdleAsync();
    }

    [Test]
    public async Task G1_the_writer_of_a_cancelled_call_discards_replies()
    {
        var writers = new List<ReplyWriter<GreeterReplyMsg>>();
        var greeter = new ManualGreeter();
        greeter.Watching.Connect(writers.Add);
        await using TestSession session = await TestSession.StartAsync(greeter);
        IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        ValueTask<bool> next = replies.MoveNextAsync();

        // A call is active before its method has run.
        await Bounded.UntilAsync(() => writers.Count == 1, "the call");
        ReplyWriter<GreeterReplyMsg> writer = writers.Single();
        writer.TryWrite(ScriptedGreeter.Reply("one"));
        await next.Within("the first reply");
        await replies.DisposeAsync();
        await session.IdleAsync();
        Assert.That(writer.TryWrite(ScriptedGreeter.Reply("two")), Is.False);
        Assert.That(await writer.WriteAsync(ScriptedGreeter.Reply("two")), Is.False);
        Assert.That(() => writer.Complete(), Throws.Nothing);
        Assert.That(writer.Context.CancellationToken.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task G1_a_client_cancels_only_towards_hosts_that_announce_it_and_says_so_once()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        var logger = new ListLogger();
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Logger = logger });
        client.Connect();
        await host.AcceptAsync();
        var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        await host.ReplyToBindAsync();
        await binding.Within("binding");
        for (int i = 0; i < 2; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Task cancelled = proxy.SayHelloAsync("cancelled", cancellation.Token);
            await host.ReadFrameAsync();
            cancellation.Cancel();
            Assert.That(async () => await cancelled.Within("the end of the call"), Throws.InstanceOf<OperationCanceledException>());
        }

        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("next");
        IPCFrame frame = await host.ReadFrameAsync();
        Assert.That(frame.MsgInvokeMethod.ServiceId, Is.EqualTo(ScriptedHost.ServiceId));
        await host.SendAsync(ScriptedHost.Reply(frame.RequestId, "hello"));
        await call.Within("the reply");
        Assert.That(logger.Entries.Count(entry => entry.Level == LogLevel.Debug && entry.Text.Contains("control service")), Is.EqualTo(1));
    }

    [Test]
    public async Task G1_a_client_binds_the_control_service_behind_the_first_binding_and_tells_what_was_cancelled_before()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        client.Connect();
        await host.AcceptAsync();
        var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        IPCFrame first = await host.ReadFrameAsync();
        Assert.That(first.MsgBindService.ServiceName, Is.EqualTo("Greeter"));
        IPCFrame reply = ScriptedHost.BindReply(first.RequestId);
        reply.MsgBindServiceReply.Control = true;
        await host.SendAsync(reply);
        await binding.Within("binding");
        using var cancellation = new CancellationTokenSource();
        Task call = proxy.SayHelloAsync("cancelled", cancellation.Token);
        IPCFrame control = await host.ReadFrameAsync();
        IPCFrame invoke = await host.ReadFrameAsync();
        cancellation.Cancel();
        Assert.That(control.MsgBindService.ServiceName, Is.EqualTo("SignalsControl"));
        await host.SendAsync(
            new IPCFrame
            {
                RequestId = control.RequestId,
                MsgBindServiceReply = new IPCFrame.Types.BindServiceReply
                {
                    Success = true,
                    ServiceId = 99,
                    Methods =
                    {
                        new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 5, Name = "Watch" },
                        new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 6, Name = "Cancel" },
                    },
                },
            }
        );
        IPCFrame watch = await host.ReadFrameAsync();
        IPCFrame cancel = await host.ReadFrameAsync();
        Assert.That((watch.MsgInvokeMethod.ServiceId, watch.MsgInvokeMethod.MethodId), Is.EqualTo((99, 5)));
        Assert.That((cancel.MsgInvokeMethod.MethodId, cancel.MsgInvokeMethod.DropReply), Is.EqualTo((6, true)));
        Assert.That(CancelRequest.Parser.ParseFrom(cancel.MsgInvokeMethod.ArgsProto).RequestIds, Is.EqualTo((ulong[])[invoke.RequestId]));
        Assert.That(async () => await call.Within("the end of the call"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(client.PendingCalls, Is.Zero);
    }

    [Test]
    public async Task G1_odd_cancellations_are_ignored()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame bound = client.Bind("SignalsControl");
        uint service = bound.MsgBindServiceReply.ServiceId;
        uint cancel = bound.MsgBindServiceReply.Methods.Single(method => method.Name == "Cancel").Id;
        foreach (
            byte[] arguments in (byte[][])
                [
                    [],
                    [0xFF],
                    [0x0A, 0x05, 1],
                    new CancelRequest { RequestIds = { 0, 77, ulong.MaxValue } }.ToByteArray(),
                ]
        )
        {
            client.Send(
                new IPCFrame
                {
                    RequestId = 1000,
                    MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
                    {
                        ServiceId = service,
                        MethodId = cancel,
                        ArgsProto = ByteString.CopyFrom(arguments),
                        DropReply = true,
                    },
                }
            );
        }

        client.AssertIsServed();
    }

    [Test]
    public async Task H8_disconnecting_cancels_calls_also_if_the_client_used_a_request_id_twice()
    {
        int cancelled = 0;
        await using var host = new TestHost(new ScriptedGreeter { OnHello = HelloAsync });
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            IPCFrame call = client.Call(1, "Ada");
            client.Send(call, call, call);
            await Bounded.UntilAsync(() => host.Host.ActiveCalls == 3, "the calls");
        }

        await Bounded.UntilAsync(() => Volatile.Read(ref cancelled) == 3, "the cancellations");
        Assert.That(host.Host.ActiveCalls, Is.Zero);

        async ValueTask<GreeterReplyMsg> HelloAsync(GreeterRequestMsg request, CallContext context)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref cancelled);
            }

            return ScriptedGreeter.Reply("");
        }
    }

    private static async Task AssertServesAsync(TestSession session)
    {
        Task<GreeterReplyMsg> call = session.Proxy.WaveGoodbye("Ada");
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Goodbye Ada"));
    }

    private static async ValueTask<GreeterReplyMsg> WaitAsync(CallContext context, TaskCompletionSource cancelled)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            cancelled.TrySetResult();
            throw;
        }

        return ScriptedGreeter.Reply("");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> EndlessAsync(
        TaskCompletionSource ended,
        CallContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        _ = context;
        try
        {
            yield return ScriptedGreeter.Reply("one");
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> StubbornAsync(Task step, TaskCompletionSource ended)
    {
        try
        {
            yield return ScriptedGreeter.Reply("one");
            await step;
            yield return ScriptedGreeter.Reply("two");
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
