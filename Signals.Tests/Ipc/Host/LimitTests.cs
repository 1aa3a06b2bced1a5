using System.Net.Sockets;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Connections;
using Signals.Ipc.Host;
using Signals.Ipc.Services;
using Signals.Ipc.Transport.Sockets;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H7, F2: no client affects another, and every limit ends or pauses only its client.</summary>
internal sealed class LimitTests
{
    [Test]
    public async Task H7_clients_beyond_the_limit_are_disconnected_until_there_is_room_again()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxClients = 2 });
        RawClient first = RawClient.Bound(host.Endpoint);
        using RawClient second = RawClient.Bound(host.Endpoint);
        using (RawClient third = RawClient.Connect(host.Endpoint))
        {
            third.AssertIsEnded();
        }

        Assert.That(host.Host.RefusedClientCount, Is.EqualTo(1));
        second.AssertIsServed();
        first.Dispose();
        host.NextDisconnected();
        Assert.That(SpinWait.SpinUntil(() => host.Host.ClientCount == 1, Bounded.Limit), Is.True);
        using RawClient fourth = RawClient.Bound(host.Endpoint);
        fourth.AssertIsServed();
    }

    [Test]
    public async Task H7_a_client_that_reads_no_replies_is_not_read_and_delays_no_other_client()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxUnsentBytes = 10_000, WriteTimeout = Timeout.InfiniteTimeSpan });
        using RawClient silent = RawClient.Bound(host.Endpoint);
        using RawClient good = RawClient.Bound(host.Endpoint);
        Flood.Fill(silent);
        for (int i = 0; i < 100; i++)
        {
            good.AssertIsServed();
        }

        // When the client finally reads, it is served again and gets the replies to all its calls.
        silent.Socket.Blocking = true;
        Assert.That(silent.Receive().MsgInvokeMethodReply.Success, Is.True);
    }

    [Test]
    public async Task H7_a_paused_client_gets_every_reply_when_it_reads()
    {
        const int Count = 20_000;
        await using var host = new TestHost(options: new IpcHostOptions { MaxUnsentBytes = 1, WriteTimeout = Timeout.InfiniteTimeSpan });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [.. Enumerable.Range(0, Count).Select(number => client.Call(1, $"{number}"))];
        Task sending = Task.Run(() => client.Send(calls));
        IEnumerable<string> replies = client.ReceiveReplies(calls).Select(RawClient.Message);
        Assert.That(replies, Is.EqualTo(Enumerable.Range(0, Count).Select(number => $"Hello {number}")));

        await sending.WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H7_a_client_that_accepts_no_data_for_too_long_is_disconnected()
    {
        await using var host = new TestHost(options: new IpcHostOptions { WriteTimeout = TimeSpan.FromMilliseconds(50) });
        using RawClient silent = RawClient.Bound(host.Endpoint);
        using RawClient good = RawClient.Bound(host.Endpoint);
        host.NextConnected();
        host.NextConnected();
        Task flooding = Task.Run(() => Flood.UntilEnded(silent));
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.WriteTimeout));
        good.AssertIsServed();
        Assert.That(host.Host.ClientCount, Is.LessThanOrEqualTo(2));
        await flooding.WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H7_no_request_is_read_beyond_the_limit_of_active_calls()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { MaxConcurrentCalls = 2 }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        using RawClient good = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [.. Enumerable.Range(0, 3).Select(_ => client.Call(2, "Ann"))];
        IPCFrame behind = client.Call(1, "behind");
        client.Send([.. calls, behind]);
        ReplyWriter<GreeterReplyMsg> first = writers.Next();
        ReplyWriter<GreeterReplyMsg> second = writers.Next();
        good.AssertIsServed();
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(2));

        first.Complete(ScriptedGreeter.Reply("1"));
        Assert.That(client.ReceiveReply(calls[0].RequestId).Success, Is.True);
        ReplyWriter<GreeterReplyMsg> third = writers.Next();
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(2));
        second.Complete(ScriptedGreeter.Reply("2"));
        Assert.That(client.ReceiveReply(calls[1].RequestId).Success, Is.True);
        Assert.That(client.ReceiveReply(behind.RequestId).Success, Is.True);
        third.Complete(ScriptedGreeter.Reply("3"));
        Assert.That(client.ReceiveReply(calls[2].RequestId).Success, Is.True);
    }

    [Test]
    public async Task H7_a_call_that_ends_just_as_its_client_is_paused_resumes_the_client()
    {
        // Each call pauses its client, and another thread ends it a little later: so little, and each time a bit more, that it meets every moment of it.
        const int Count = 10_000;
        const int LongestDelay = 200;
        ReplyWriter<GreeterReplyMsg>? begun = null;
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => Volatile.Write(ref begun, reply) },
            new IpcHostOptions { MaxConcurrentCalls = 1 }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        Task ending = Task.Factory.StartNew(() => EndCalls(ref begun, Count, LongestDelay), TaskCreationOptions.LongRunning);
        IPCFrame[] calls = [.. Enumerable.Range(0, Count).Select(number => client.Call(2, $"{number}"))];
        Task sending = Task.Run(() => client.Send(calls));
        foreach (IPCFrame call in calls)
        {
            Assert.That(client.ReceiveReply(call.RequestId).Success, Is.True);
        }

        await Task.WhenAll(sending, ending).WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H7_a_client_that_continues_is_no_longer_probed()
    {
        const int Count = 2_000;
        var time = new FakeTime();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (request, reply) => ThreadPool.QueueUserWorkItem(_ => reply.Complete(ScriptedGreeter.Reply(request.Name))) },
            new IpcHostOptions { MaxConcurrentCalls = 1, TimeProvider = time }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        for (int i = 0; i < Count; i++)
        {
            Assert.That(RawClient.Message(client.Invoke(2, $"{i}")), Is.EqualTo($"{i}"));
            Assert.That(SpinWait.SpinUntil(() => time.Due.Length == 0, Bounded.Limit), Is.True, $"After call {i} a timer is left.");
        }
    }

    [Test]
    public async Task H8_a_client_that_disconnects_while_reading_is_paused_cancels_its_calls_without_a_probe([Values] bool onlyClosesItsSendingSide)
    {
        var time = new FakeTime();
        using var contexts = new Received<CallContext>();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnGoodbye = (_, reply) =>
                {
                    // Kept alive by the token until it is canceled.
                    reply.Context.CancellationToken.Register(() => reply.Fail(new OperationCanceledException()));
                    contexts.Add(reply.Context);
                },
            },
            new IpcHostOptions { MaxConcurrentCalls = 1, TimeProvider = time }
        );
        using var cancelled = new ManualResetEventSlim();
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(2, "Ann"), client.Call(2, "unread"));
        contexts.Next().CancellationToken.Register(cancelled.Set);
        if (onlyClosesItsSendingSide)
        {
            client.Socket.Shutdown(SocketShutdown.Send);
        }
        else
        {
            client.Dispose();
        }

        Bounded.Wait(cancelled, "The cancellation");
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
        Assert.That(time.Due, Is.Empty);
    }

    [Test]
    public async Task H7_a_client_that_reads_slowly_but_steadily_is_not_disconnected_and_one_that_stops_is()
    {
        // More than the system accepts in one call, and far less than the buffer of a socket.
        const int BytesOfRound = 20_000;
        const int Rounds = 40;
        var time = new FakeTime();
        await using var host = new TestHost(
            new ScriptedGreeter { OnWatch = (_, _) => Numbers(() => 1) },
            new IpcHostOptions { WriteTimeout = TimeSpan.FromSeconds(10), TimeProvider = time }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(3, "Ann"));
        for (int round = 0; round < Rounds; round++)
        {
            await Bounded.UntilAsync(() => time.Due.Length == 1, "the send that waits");
            client.ReceiveBytes(BytesOfRound);
            time.Advance(TimeSpan.FromSeconds(9));
            if (host.Host.ClientCount == 0)
            {
                Assert.Fail($"In round {round} the client, which has read {BytesOfRound} bytes, was disconnected: {host.NextDisconnected().Reason}");
            }
        }

        // Repeatedly, because the host's thread may not yet have filled what the last round has emptied.
        await Bounded.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return host.Host.ClientCount == 0;
            },
            "the disconnection"
        );
        DisconnectReason reason = host.NextDisconnected().Reason;
        Assert.That((reason.Cause, reason.Message), Is.EqualTo((DisconnectCause.WriteTimeout, "The peer accepted no data for 00:00:10.")));
    }

    [Test]
    public async Task H7_a_stream_waits_for_a_client_that_does_not_read()
    {
        int asked = 0;
        await using var host = new TestHost(
            new ScriptedGreeter { OnWatch = (_, _) => Numbers(() => Interlocked.Increment(ref asked)) },
            new IpcHostOptions { MaxUnsentBytes = 10_000, WriteTimeout = Timeout.InfiniteTimeSpan }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(3, "Ann"));

        // It stops being asked when the sockets' buffers and the limit are full.
        int before = -1;
        bool paused = SpinWait.SpinUntil(
            () =>
            {
                client.Socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectError);
                int now = Volatile.Read(ref asked);
                bool isSame = now == before && now > 0;
                before = now;
                return isSame;
            },
            Bounded.Limit
        );
        Assert.That(paused, Is.True, "The stream was advanced without limit.");

        // And continues at the same position.
        for (int i = 1; i <= before + 1000; i++)
        {
            Assert.That(RawClient.Message(client.Receive().MsgInvokeMethodReply), Is.EqualTo($"{i}"));
        }
    }

    [Test]
    public async Task H7_a_writer_accepts_no_more_than_the_client_reads()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ManualGreeter();
        service.Watching.Connect(writers.Add);
        await using var host = new TestHost(service, new IpcHostOptions { MaxUnsentBytes = 10_000, WriteTimeout = Timeout.InfiniteTimeSpan });
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(3, "Ann"));
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        int written = 0;
        GreeterReplyMsg large = ScriptedGreeter.Reply(new string('x', 1000));
        bool isFull = SpinWait.SpinUntil(
            () =>
            {
                while (writer.TryWrite(large))
                {
                    written++;
                }

                // It was full for a moment; it stays full when the sockets' buffers are full too.
                client.Socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectError);
                return !writer.TryWrite(large) || ++written < 0;
            },
            Bounded.Limit
        );
        Assert.That(isFull, Is.True, "The writer accepted data without limit.");

        // More is accepted only while the host's thread has not yet filled the sockets' buffers.
        bool isCanceled = false;
        for (int attempt = 0; attempt < 1_000 && !isCanceled; attempt++)
        {
            using var impatience = new CancellationTokenSource();
            Task<bool> impatient = writer.WriteAsync(large, impatience.Token).AsTask();
            await impatience.CancelAsync();
            await impatient.ContinueWith(static _ => { }, TaskScheduler.Default).Within("the write");
            isCanceled = impatient.IsCanceled;
            written += isCanceled ? 0 : 1;
        }

        Assert.That(isCanceled, Is.True, "No write waited.");
        Task<bool> patient = writer.WriteAsync(ScriptedGreeter.Reply("patient")).AsTask();
        for (int i = 0; i < written; i++)
        {
            Assert.That(RawClient.Message(client.Receive().MsgInvokeMethodReply), Is.EqualTo(large.Message));
        }

        Assert.That(RawClient.Message(client.Receive().MsgInvokeMethodReply), Is.EqualTo("patient"));
        Assert.That(await patient.WaitAsync(Bounded.Limit), Is.True);
    }

    [Test]
    public async Task F2_a_length_over_the_limit_ends_only_that_connection()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxFrameSize = 1000 });
        using RawClient hostile = RawClient.Bound(host.Endpoint);
        using RawClient good = RawClient.Bound(host.Endpoint);
        hostile.SendBytes([0xff, 0xff, 0xff, 0x7f]);
        hostile.AssertIsEnded();
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.ProtocolError));
        good.AssertIsServed();
    }

    [Test]
    public async Task F2_a_frame_of_exactly_the_limit_is_accepted_and_one_byte_more_is_not()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxFrameSize = 1000 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame largest = client.Call(1, "");
        int rest = 1000 - 4 - largest.CalculateSize();
        largest.DataForTesting.Add(Google.Protobuf.ByteString.CopyFrom(new byte[rest - 3]));
        Assert.That(largest.CalculateSize(), Is.EqualTo(996));
        client.Send(largest);
        Assert.That(client.ReceiveReply(largest.RequestId).Success, Is.True);
        largest.DataForTesting[0] = Google.Protobuf.ByteString.CopyFrom(new byte[rest - 2]);
        client.Send(largest);
        client.AssertIsEnded();
    }

    [Test]
    public async Task H7_an_idle_client_is_disconnected_and_one_with_an_active_call_is_not()
    {
        var time = new FakeTime();
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using var host = new TestHost(
            new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) },
            new IpcHostOptions { IdleTimeout = TimeSpan.FromSeconds(60), TimeProvider = time }
        );
        using RawClient waiting = RawClient.Bound(host.Endpoint);
        IPCFrame call = waiting.Call(2, "Ann");
        waiting.Send(call);
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        using RawClient idle = RawClient.Bound(host.Endpoint);
        host.NextConnected();
        host.NextConnected();

        // A byte that makes no frame is no sign of life.
        idle.SendBytes([1]);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(host.Host.ClientCount, Is.EqualTo(2));
        time.Advance(TimeSpan.FromSeconds(15));
        (ClientInfo client, DisconnectReason reason) = host.NextDisconnected();
        Assert.That((client.Id, reason.Cause), Is.EqualTo((2, DisconnectCause.IdleTimeout)));
        Assert.That(reason.Message, Is.EqualTo("The client sent no request for 00:01:00."));
        idle.AssertIsEnded();

        writer.Complete(ScriptedGreeter.Reply("patience"));
        Assert.That(RawClient.Message(waiting.ReceiveReply(call.RequestId)), Is.EqualTo("patience"));
        time.Advance(TimeSpan.FromSeconds(75));
        Assert.That(host.NextDisconnected().Client.Id, Is.EqualTo(1));
    }

    [Test]
    public async Task H7_a_client_that_only_connects_has_the_full_idle_timeout()
    {
        var time = new FakeTime();
        await using var host = new TestHost(options: new IpcHostOptions { IdleTimeout = TimeSpan.FromSeconds(60), TimeProvider = time });
        using RawClient client = RawClient.Connect(host.Endpoint);
        host.NextConnected();
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(client.Socket.Poll(0, SelectMode.SelectRead), Is.False, "It is still connected.");
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.IdleTimeout));
        await host.Host.StopAsync().Within("stopping");
        Assert.That(time.Timers, Is.Zero);
    }

    [Test]
    public async Task H7_a_client_that_sends_requests_is_not_idle()
    {
        var time = new FakeTime();
        await using var host = new TestHost(options: new IpcHostOptions { IdleTimeout = TimeSpan.FromSeconds(60), TimeProvider = time });
        using RawClient client = RawClient.Bound(host.Endpoint);
        for (int i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(45));
            client.AssertIsServed();
        }
    }

    [Test]
    public async Task H7_a_client_is_not_idle_inside_a_synchronous_method_and_the_idle_timeout_restarts_afterwards()
    {
        using var inMethod = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var time = new FakeTime();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnHello = (_, _) =>
                {
                    inMethod.Set();
                    proceed.Wait(Bounded.Limit);
                    return new ValueTask<GreeterReplyMsg>(ScriptedGreeter.Reply("done"));
                },
            },
            new IpcHostOptions { IdleTimeout = TimeSpan.FromSeconds(60), TimeProvider = time }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "Ann");
        client.Send(call);
        Bounded.Wait(inMethod, "The call");
        time.Advance(TimeSpan.FromSeconds(200));
        proceed.Set();
        Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("done"));
        Assert.That(host.Host.ActiveCalls, Is.Zero, "a call that has its reply");

        // The receive loop is done with the call when it replies to what comes behind it.
        Assert.That(client.Bind("Greeter").MsgBindServiceReply.Success, Is.True);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(host.Host.ClientCount, Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.IdleTimeout));
    }

    [Test]
    public async Task H7_a_writer_that_waits_for_room_is_notified_when_its_client_disconnects()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ManualGreeter();
        service.Watching.Connect(writers.Add);
        await using var host = new TestHost(service, new IpcHostOptions { MaxUnsentBytes = 10_000, WriteTimeout = Timeout.InfiniteTimeSpan });
        GreeterReplyMsg large = ScriptedGreeter.Reply(new string('x', 1000));
        ReplyWriter<GreeterReplyMsg> writer;
        Task<bool> writing;
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            client.Send(client.Call(3, "Ann"));
            writer = writers.Next();
            writing = await WriteUntilWaitingAsync(writer, large);
        }

        Assert.That(await writing.WaitAsync(Bounded.Limit), Is.False);
        Assert.That(await writer.WriteAsync(large), Is.False);
        Assert.That(writer.TryWrite(large), Is.False);
        Assert.That(() => writer.Complete(), Throws.Nothing);
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0, "the end of the call");
    }

    [Test]
    public async Task H5_a_writer_reports_that_no_replies_are_wanted()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ManualGreeter();
        service.Watching.Connect(writers.Add);
        await using var host = new TestHost(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(client.Call(3, "Ann", dropReply: true));
        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        Assert.That(writer.TryWrite(ScriptedGreeter.Reply("one")), Is.False);
        Assert.That(await writer.WriteAsync(ScriptedGreeter.Reply("two")), Is.False);
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(1));
        writer.Fail(new InvalidOperationException("on purpose"));
        Assert.That(host.Host.ActiveCalls, Is.Zero);
        client.AssertIsServed();
    }

    [Test]
    public async Task H7_room_is_announced_to_waiting_callers_and_only_when_there_is_enough()
    {
        var connection = new HostConnection(
            new ClientInfo(1),
            acceptsClaimedIdentity: false,
            new ServiceTable(),
            new RequestBudget(long.MaxValue),
            new IpcHostOptions { MaxUnsentBytes = 1000 },
            new IpcConnectionSettings(),
            CancellationToken.None
        );
        Assert.That(await connection.WaitForRoomAsync(CancellationToken.None), Is.True, "All room is available.");
        GreeterReplyMsg large = ScriptedGreeter.Reply(new string('x', 1000));
        connection.Reply(new CallContext(new ClientInfo(1), "WatchGreetings"), hasMore: true, large.ToByteArray());
        Assert.That(connection.State, Is.EqualTo(CallerState.Full));
        Task<bool> first = connection.WaitForRoomAsync(CancellationToken.None).AsTask();
        Task<bool> second = connection.WaitForRoomAsync(CancellationToken.None).AsTask();
        Assert.That(first.IsCompleted || second.IsCompleted, Is.False);
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        using System.Net.Sockets.Socket socket = path.Endpoint.CreateSocket();
        await socket.ConnectAsync(path.Endpoint.ToEndPoint());
        Assert.That(connection.Start(new SocketTransport(socket)), Is.True);
        Assert.That(await Task.WhenAll(first, second).Within("room"), Is.EqualTo((bool[])[true, true]));
        Assert.That(connection.State, Is.EqualTo(CallerState.Ready));

        connection.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "over"));
        Assert.That(connection.State, Is.EqualTo(CallerState.Gone));
        Assert.That(await connection.WaitForRoomAsync(CancellationToken.None), Is.False);
    }

    /// <summary>Writes until a reply waits for room, and still does when the sockets' buffers are full, too.</summary>
    private static async Task<Task<bool>> WriteUntilWaitingAsync(ReplyWriter<GreeterReplyMsg> writer, GreeterReplyMsg reply)
    {
        for (int i = 0; i < 100_000; i++)
        {
            Task<bool> writing = writer.WriteAsync(reply).AsTask();
            if (!writing.IsCompleted && await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(200))) != writing)
            {
                return writing;
            }
        }

        throw new TimeoutException("The writer accepted data without limit.");
    }

    [Test]
    public async Task H7_only_a_service_whose_methods_fit_into_no_frame_is_refused()
    {
        var logger = new ListLogger();
        await using var host = new TestHost(options: new IpcHostOptions { MaxFrameSize = 128, Logger = logger });
        host.Host.Expose(new CrowdedService());
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame reply = client.Bind("Crowded");
        Assert.That((reply.MsgCase, reply.MsgBindServiceReply?.Success), Is.EqualTo((IPCFrame.MsgOneofCase.MsgBindServiceReply, false)));
        client.AssertIsServed();
        Assert.That(logger.Entries.Select(entry => entry.Text), Has.Some.Contains("request 2 was refused").And.Some.Contains("the limit is 128"));
    }

    private static void EndCalls(ref ReplyWriter<GreeterReplyMsg>? begun, int count, int longestDelay)
    {
        GreeterReplyMsg reply = ScriptedGreeter.Reply("ended");
        for (int i = 0; i < count; i++)
        {
            long deadline = Environment.TickCount64 + (long)Bounded.Limit.TotalMilliseconds;
            ReplyWriter<GreeterReplyMsg>? writer;
            while ((writer = Interlocked.Exchange(ref begun, null)) is null)
            {
                if (Environment.TickCount64 > deadline)
                {
                    throw new TimeoutException($"After {i} calls no more came.");
                }
            }

            // A few nanoseconds each, and no word to the processor: it would pause for longer.
            for (int delay = i % longestDelay; delay > 0; delay--)
            {
                Volatile.Read(ref begun);
            }

            writer.Complete(reply);
        }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Numbers(Func<int> next)
    {
        while (true)
        {
            yield return ScriptedGreeter.Reply($"{next()}");
            await Task.CompletedTask;
        }
    }
}
