using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H9: stopping a host.</summary>
internal sealed class StopTests
{
    [Test]
    public async Task H9_stopping_disconnects_all_clients_and_removes_the_socket_file()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
        client.AssertIsEnded();
        DisconnectReason reason = host.NextDisconnected().Reason;
        Assert.That((reason.Cause, reason.Message), Is.EqualTo((DisconnectCause.ClosedLocally, "The host has stopped.")));
        Assert.That(File.Exists(host.Path), Is.False);
        Assert.That(host.Host.ClientCount, Is.Zero);
        Assert.That(() => RawClient.Connect(host.Endpoint), Throws.InstanceOf<System.Net.Sockets.SocketException>());
        Assert.That(() => host.Host.Start(host.Endpoint), Throws.InvalidOperationException);
    }

    [Test]
    public async Task H9_an_active_call_gets_its_reply_before_the_end_and_a_new_one_is_refused()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(2, "Ann");
        client.Send(call);
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        Task stopped = host.Host.StopAsync();

        // Its socket file goes first, so from here on the host knows that it stops; the refusal shows it to the client.
        Assert.That(SpinWait.SpinUntil(() => client.Invoke(1, "late").Success == false, Bounded.Limit), Is.True);
        Assert.That(stopped.IsCompleted, Is.False);
        writer.Complete(ScriptedGreeter.Reply("Goodbye"));
        Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("Goodbye"));
        client.AssertIsEnded();
        await stopped.WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H9_a_call_that_does_not_end_is_canceled_after_the_grace_period()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { GracePeriod = TimeSpan.FromMilliseconds(1) }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(2, "Ann"));
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
        Assert.That(writer.Context.CancellationToken.IsCancellationRequested, Is.True);
        client.AssertIsEnded();
        writer.Complete(ScriptedGreeter.Reply("too late"));
    }

    [Test]
    public async Task H9_the_token_ends_the_grace_period()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(2, "Ann"));
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        using var impatience = new CancellationTokenSource();
        Task stopped = host.Host.StopAsync(impatience.Token);
        Assert.That(stopped.IsCompleted, Is.False);
        await impatience.CancelAsync();
        await stopped.WaitAsync(Bounded.Limit);
        writer.Complete(ScriptedGreeter.Reply("too late"));
    }

    [Test]
    public async Task H9_stopping_twice_and_disposing_are_harmless()
    {
        await using var host = new TestHost();
        await Task.WhenAll(host.Host.StopAsync(), host.Host.StopAsync()).WaitAsync(Bounded.Limit);
        await host.Host.DisposeAsync().AsTask().WaitAsync(Bounded.Limit);
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H9_a_host_that_never_started_stops_immediately()
    {
        await using var host = new IpcHost();
        await host.StopAsync().WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H9_a_client_that_never_reads_does_not_prevent_the_host_from_stopping()
    {
        await using var host = new TestHost(options: new IpcHostOptions { GracePeriod = TimeSpan.FromMilliseconds(1), MaxUnsentBytes = 1 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        Flood.Fill(client);
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H9_disposing_ends_the_grace_period()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(2, "Ann"));
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        Task stopped = host.Host.StopAsync();
        await host.Host.DisposeAsync().AsTask().WaitAsync(Bounded.Limit);
        await stopped.WaitAsync(Bounded.Limit);
        Assert.That(writer.Context.CancellationToken.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task H9_a_check_that_does_not_end_does_not_prevent_the_host_from_stopping()
    {
        using var checking = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        using var ended = new ManualResetEventSlim();
        await using var host = new TestHost(
            options: new IpcHostOptions
            {
                Authorize = _ =>
                {
                    checking.Set();
                    bool proceeds = proceed.Wait(Bounded.Limit);
                    ended.Set();
                    return proceeds;
                },
            }
        );
        using RawClient client = RawClient.Connect(host.Endpoint);
        Bounded.Wait(checking, "The check");
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
        proceed.Set();
        client.AssertIsEnded();
        Bounded.Wait(ended, "The end of the check");
        Assert.That(host.Host.ClientCount, Is.Zero);
    }

    [Test]
    public async Task H9_stopping_ends_when_all_clients_have_disconnected_including_later_ones()
    {
        const int Clients = 20;
        await using var host = new TestHost();
        RawClient.Bound(host.Endpoint).Dispose();
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
        RawClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => RawClient.Bound(host.Endpoint))];
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
        Assert.That(host.Host.ClientCount, Is.Zero);
        foreach (RawClient client in clients)
        {
            client.AssertIsEnded();
            client.Dispose();
        }
    }

    [Test]
    public async Task H9_without_a_grace_period_calls_are_canceled_immediately()
    {
        using var contexts = new Received<CallContext>();
        var time = new FakeTime();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => contexts.Add(reply.Context) },
            new IpcHostOptions { GracePeriod = TimeSpan.Zero, TimeProvider = time }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(2, "Ann"));
        CallContext context = contexts.Next();
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
        Assert.That(context.CancellationToken.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task H9_DisposeAsync_removes_queued_invocations_and_the_signals_accept_no_slots()
    {
        using var evaluator = new ConnectionEvaluator();
        var host = new IpcHost(new IpcHostOptions { Evaluator = evaluator });
        using var path = new SocketPath();
        host.Start(path.Endpoint);
        using RawClient stays = RawClient.Connect(path.Endpoint);
        RawClient.Connect(path.Endpoint).Dispose();
        await Bounded.UntilAsync(() => evaluator.PendingCount == 3, "two connections and a disconnection");
        await host.DisposeAsync();
        Assert.That(evaluator.PendingCount, Is.Zero);
        Assert.That(() => host.ClientConnected.Connect(_ => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => host.ClientDisconnected.Connect((_, _) => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => host.Start(path.Endpoint), Throws.InvalidOperationException.With.Message.Contains("Create a new one"));
    }

    [Test]
    public async Task H9_stopping_ends_when_all_slots_have_run_for_the_last_client()
    {
        const int Clients = 10;
        for (int round = 0; round < 20; round++)
        {
            using var path = new SocketPath();
            await using var host = new IpcHost();
            int connected = 0;
            int disconnected = 0;
            host.ClientConnected.Connect(_ => Interlocked.Increment(ref connected));
            host.ClientDisconnected.Connect((_, _) => Interlocked.Increment(ref disconnected));
            host.Start(path.Endpoint);
            RawClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => RawClient.Connect(path.Endpoint))];
            await Bounded.UntilAsync(() => host.ClientCount == Clients, "the clients");
            await host.StopAsync().Within("stopping");
            Assert.That((connected, disconnected), Is.EqualTo((Clients, Clients)));
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    [Test]
    public async Task H9_stopping_does_not_wait_for_the_evaluator_of_the_options()
    {
        using var evaluator = new ConnectionEvaluator();
        using var path = new SocketPath();
        await using var host = new IpcHost(new IpcHostOptions { Evaluator = evaluator });
        int told = 0;
        host.ClientConnected.Connect(_ => told++);
        host.ClientDisconnected.Connect((_, _) => told++);
        host.Start(path.Endpoint);
        using RawClient client = RawClient.Connect(path.Endpoint);
        await Bounded.UntilAsync(() => host.ClientCount == 1, "the client");
        await host.StopAsync().Within("stopping");
        Assert.That(told, Is.Zero);
        evaluator.EvaluateDeferredConnections();
        Assert.That(told, Is.EqualTo(2));
    }

    [Test]
    public async Task H9_DisposeAsync_ends_StopAsync_even_while_a_slot_does_not_end()
    {
        using var inSlot = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        using var path = new SocketPath();
        var host = new IpcHost();
        host.ClientConnected.Connect(_ =>
        {
            inSlot.Set();
            proceed.Wait(Bounded.Limit);
        });
        host.Start(path.Endpoint);
        using RawClient client = RawClient.Connect(path.Endpoint);
        Bounded.Wait(inSlot, "The slot");
        Task stopping = host.StopAsync();
        await host.DisposeAsync().Within("disposing");
        await stopping.Within("stopping");
        proceed.Set();
    }

    [Test]
    public async Task H9_a_synchronous_method_that_is_running_counts_as_a_call_and_its_reply_is_sent()
    {
        using var inMethod = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        await using var host = new TestHost(Blocking(inMethod, proceed), new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "Ann");
        client.Send(call);
        Bounded.Wait(inMethod, "The call");
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(1));
        Task stopped = host.Host.StopAsync();
        await Bounded.UntilAsync(() => !File.Exists(host.Path), "the beginning of the stop");
        Assert.That(stopped.IsCompleted, Is.False);
        proceed.Set();
        Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("Hello Ann"));
        client.AssertIsEnded();
        await stopped.Within("stopping");
        Assert.That(host.Host.ActiveCalls, Is.Zero);
    }

    [Test]
    public async Task H9_a_call_that_arrives_during_the_stop_gets_its_reply_if_its_method_ran()
    {
        const int Rounds = 200;
        for (int round = 0; round < Rounds; round++)
        {
            int runs = 0;
            await using var host = new TestHost(
                new ScriptedGreeter
                {
                    OnHello = (_, _) =>
                    {
                        Interlocked.Increment(ref runs);
                        return new ValueTask<GreeterReplyMsg>(ScriptedGreeter.Reply("done"));
                    },
                },
                new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan }
            );
            using RawClient client = RawClient.Bound(host.Endpoint);
            IPCFrame call = client.Call(1, "Ann");
            Task stopped = Task.Run(() => host.Host.StopAsync());
            try
            {
                client.Send(call);
            }
            catch (System.Net.Sockets.SocketException)
            {
                // The host has stopped before it was called.
            }

            await stopped.Within("stopping");
            Assert.That(host.Host.ActiveCalls, Is.Zero);
            if (runs != 0)
            {
                Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("done"));
            }
        }
    }

    [Test]
    public async Task H9_a_method_that_blocks_delays_neither_StopAsync_nor_DisposeAsync_beyond_the_grace_period([Values] bool isManual)
    {
        using var inMethod = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        await using var host = new TestHost(
            new ScriptedGreeter { OnHello = (_, _) => new ValueTask<GreeterReplyMsg>(Block()), OnGoodbye = (_, reply) => reply.Complete(Block()) },
            new IpcHostOptions { GracePeriod = TimeSpan.FromMilliseconds(1) }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(isManual ? 2u : 1u, "Ann"));
        Bounded.Wait(inMethod, "The call");
        await host.Host.StopAsync().Within("stopping");
        Assert.That(host.NextDisconnected().Reason.Message, Is.EqualTo("The host has stopped."));
        Assert.That(host.Host.ClientCount, Is.Zero);
        client.AssertIsEnded();
        await host.Host.DisposeAsync().Within("disposing");
        proceed.Set();
        Bounded.Wait(left, "The end of the method");

        GreeterReplyMsg Block()
        {
            inMethod.Set();
            proceed.Wait(Bounded.ProcessLimit);
            left.Set();
            return ScriptedGreeter.Reply("too late");
        }
    }

    [Test]
    public async Task H9_a_blocking_callback_of_a_calls_token_does_not_prevent_the_host_from_stopping()
    {
        using var registered = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnGoodbye = (_, reply) =>
                {
                    reply.Context.CancellationToken.Register(() => proceed.Wait(Bounded.ProcessLimit));
                    registered.Set();
                },
            },
            new IpcHostOptions { GracePeriod = TimeSpan.FromMilliseconds(1) }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(2, "Ann"));
        Bounded.Wait(registered, "The call");
        await host.Host.StopAsync().Within("stopping");
        proceed.Set();
    }

    [Test]
    public async Task H9_a_host_whose_time_provider_throws_serves_its_clients_and_stops()
    {
        await using var host = new TestHost(options: new IpcHostOptions { TimeProvider = new ThrowingTime(), IdleTimeout = TimeSpan.FromMinutes(1) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.AssertIsServed();
        Assert.That(client.Invoke(99).Success, Is.False, "refused, which is logged");
        await host.Host.StopAsync().Within("stopping");
        Assert.That(host.NextDisconnected().Reason.Message, Is.EqualTo("The host has stopped."));
    }

    private static ScriptedGreeter Blocking(ManualResetEventSlim inMethod, ManualResetEventSlim proceed) =>
        new()
        {
            OnHello = (request, _) =>
            {
                inMethod.Set();
                proceed.Wait(Bounded.Limit);
                return new ValueTask<GreeterReplyMsg>(ScriptedGreeter.Reply($"Hello {request.Name}"));
            },
        };

    /// <summary>A time provider whose members all throw.</summary>
    private sealed class ThrowingTime : TimeProvider
    {
        public override long TimestampFrequency => throw new InvalidOperationException("The time is broken.");

        public override long GetTimestamp() => throw new InvalidOperationException("The time is broken.");

        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("The time is broken.");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new InvalidOperationException("The time is broken.");
    }
}
