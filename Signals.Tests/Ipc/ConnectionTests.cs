using Google.Protobuf;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Transport;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>The connection by itself.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
public sealed class ConnectionTests(Medium medium) : ClientFixture(medium)
{
    [Test]
    public async Task K1_immediate_and_failed_connects_report_their_outcome_on_another_thread()
    {
        foreach (bool succeeds in new[] { true, false })
        {
            if (!succeeds)
            {
                EndHost();
            }

            using var connection = new RecordingConnection();
            var outcome = new TaskCompletionSource<(ConnectOutcome, int)>(TaskCreationOptions.RunContinuationsAsynchronously);
            int caller = Environment.CurrentManagedThreadId;
            bool isInside = true;
            bool wasInside = false;
            connection.Connected.Connect(result =>
            {
                wasInside = isInside && Environment.CurrentManagedThreadId == caller;
                outcome.SetResult((result, Environment.CurrentManagedThreadId));
            });
            connection.Connect(Endpoint);
            isInside = false;
            (ConnectOutcome result, _) = await outcome.Task.Within("the outcome");
            Assert.That(result.IsConnected, Is.EqualTo(succeeds));
            Assert.That(wasInside, Is.False);
        }
    }

    [Test]
    public async Task K2_disconnected_comes_after_everything_and_once()
    {
        using var connection = new RecordingConnection();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(connection.Disconnected);
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        const int Count = 1000;
        await Host.SendAsync([.. Enumerable.Range(1, Count).Select(i => new IPCFrame { RequestId = (ulong)i })]);
        Host.HangUp();
        await disconnected.NextAsync("Disconnected");
        Assert.That(connection.Frames, Is.EqualTo(Count));
        connection.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "again"));
        Assert.That(disconnected.WaitingCount, Is.Zero);
        Assert.That(connection.Closed, Is.EqualTo(1));
    }

    [Test]
    public async Task K2_no_frame_is_delivered_after_the_connection_is_closed_inside_a_frame()
    {
        using var connection = new RecordingConnection();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(connection.Disconnected);
        connection.OnNextFrame = () => connection.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "enough"));
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync(new IPCFrame { RequestId = 1 }, new IPCFrame { RequestId = 2 });
        Assert.That((await disconnected.NextAsync("Disconnected")).Message, Is.EqualTo("enough"));
        Assert.That(connection.Frames, Is.EqualTo(1));
    }

    [Test]
    public async Task K2_disposing_a_socket_raises_nothing_and_closes_it()
    {
        var connection = new RecordingConnection();
        int raised = 0;
        connection.Disconnected.Connect(_ => raised++);
        SignalProbe<ConnectOutcome> connected = Probe.Of(connection.Connected);
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await connected.NextAsync("Connected");
        connection.Dispose();
        byte[] bytes = new byte[1];
        Assert.That(await Host.Transport.ReceiveAsync(bytes).Within("the end"), Is.Zero);
        await connection.Ended.Within("the end of the loop");
        Assert.That(raised, Is.Zero);
    }

    [Test]
    public async Task Paused_connection_reads_nothing_until_it_is_resumed()
    {
        using var connection = new RecordingConnection();
        connection.OnNextFrame = connection.PauseReading;
        SignalProbe<DisconnectReason> disconnected = Probe.Of(connection.Disconnected);
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync(new IPCFrame { RequestId = 1 }, new IPCFrame { RequestId = 2 }, new IPCFrame { RequestId = 3 });
        await Bounded.UntilAsync(() => connection.Frames == 1, "the first frame");
        Assert.That(connection.Frames, Is.EqualTo(1));

        // Pausing what is paused changes nothing.
        connection.PauseReading();
        connection.ResumeReading();
        await Bounded.UntilAsync(() => connection.Frames == 3, "the other frames");

        // A connection that is closed while it is paused ends all the same.
        connection.PauseReading();
        connection.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "closed"));
        await disconnected.NextAsync("Disconnected");
    }

    [Test]
    public async Task Replies_to_frames_that_arrived_together_are_sent_together()
    {
        const int Count = 4;
        using var connection = new RecordingConnection();
        var arrivedMeanwhile = new List<int>();
        connection.OnNextFrame = () => Reply(1);
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync([.. Enumerable.Range(1, Count).Select(i => new IPCFrame { RequestId = (ulong)i })]);
        for (ulong i = 1; i <= Count; i++)
        {
            Assert.That((await Host.ReadFrameAsync()).RequestId, Is.EqualTo(i));
        }

        Assert.That(arrivedMeanwhile, Is.EqualTo(Enumerable.Repeat(0, Count)));

        void Reply(ulong requestId)
        {
            connection.Sender.Send(SmallFrame(requestId), SendTiming.Now);
            arrivedMeanwhile.Add(Host.Available);
            connection.OnNextFrame = () => Reply(requestId + 1);
        }
    }

    [Test]
    public async Task Replies_that_are_large_enough_are_sent_before_later_frames_are_handled()
    {
        const ulong Count = SendBuffers.FramesOfBatch;
        using var connection = new RecordingConnection();
        bool arrived = false;
        connection.OnNextFrame = () =>
        {
            for (ulong i = 1; i <= Count; i++)
            {
                connection.Sender.Send(
                    new InvokeMethodReplyFrame(i, true, true, new GreeterReplyMsg { Message = "sixteen letters." }.ToByteArray()),
                    SendTiming.Soon
                );
            }

            connection.OnNextFrame = () => arrived = SpinWait.SpinUntil(() => Host.Available > 0, Bounded.Limit);
        };
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync(new IPCFrame { RequestId = 1 }, new IPCFrame { RequestId = 2 });
        await Bounded.UntilAsync(() => connection.Frames == 2, "both frames");
        Assert.That(arrived);
        for (ulong i = 1; i <= Count; i++)
        {
            Assert.That((await Host.ReadFrameAsync()).RequestId, Is.EqualTo(i));
        }
    }

    [Test]
    public async Task Single_reply_is_sent_while_its_frame_is_being_handled()
    {
        using var connection = new RecordingConnection();
        connection.Connect(Endpoint);
        await Host.AcceptAsync();

        // Also after frames that came together.
        for (int round = 1; round <= 3; round++)
        {
            bool arrived = false;
            connection.OnNextFrame = () =>
            {
                connection.Sender.Send(SmallFrame(1), SendTiming.Now);
                arrived = SpinWait.SpinUntil(() => Host.Available > 0, Bounded.Limit);
            };
            await Host.SendAsync(new IPCFrame { RequestId = 1 });
            await Bounded.UntilAsync(() => connection.Frames == (3 * round) - 2, "the frame");
            Assert.That(arrived);
            await Host.ReadFrameAsync();
            await Host.SendAsync(new IPCFrame { RequestId = 2 }, new IPCFrame { RequestId = 3 });
            await Bounded.UntilAsync(() => connection.Frames == 3 * round, "two frames");
        }
    }

    [Test]
    public async Task F3_dropped_frames_are_counted()
    {
        using var connection = new RecordingConnection();
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync(new byte[] { 1, 0, 0, 0, 7, 2, 0, 0, 0, 0x10, 0x80 });
        await Host.SendAsync(new IPCFrame { RequestId = 1 });
        await Bounded.UntilAsync(() => connection.Frames == 1, "the good frame");
        Assert.That(connection.DroppedFrameCount, Is.EqualTo(2));
    }

    [Test]
    public Task C5_disconnection_while_reading_is_paused_is_noticed_and_earlier_replies_are_not_lost() =>
        AssertNoticedWhilePausedAsync(static host => host.HangUp());

    /// <summary>Asserts that a paused connection notices that its peer has ended the connection in some way, and delivers earlier frames.</summary>
    internal async Task AssertNoticedWhilePausedAsync(Action<ScriptedHost> end)
    {
        const int Count = 100;
        using var connection = new RecordingConnection { Drains = true };
        SignalProbe<DisconnectReason> disconnected = Probe.Of(connection.Disconnected);
        connection.OnNextFrame = connection.PauseReading;
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync([.. Enumerable.Range(1, Count).Select(i => new IPCFrame { RequestId = (ulong)i })]);
        await Bounded.UntilAsync(() => connection.Frames == 1, "the frame that pauses");
        end(Host);
        Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
        Assert.That(connection.Frames, Is.EqualTo(Count));
    }

    [Test]
    public async Task Peer_that_accepts_no_data_for_the_write_timeout_is_disconnected()
    {
        var time = new FakeTime();
        using var connection = new RecordingConnection(
            new IpcConnectionSettings
            {
                TimeProvider = time,
                WriteTimeout = TimeSpan.FromSeconds(10),
                MaxUnsentBytes = long.MaxValue,
            }
        );
        SignalProbe<DisconnectReason> disconnected = Probe.Of(connection.Disconnected);
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        byte[] message = new GreeterReplyMsg { Message = new string('x', 100_000) }.ToByteArray();
        for (int i = 0; i < 20; i++)
        {
            connection.Sender.Send(new InvokeMethodReplyFrame(1, true, true, message), SendTiming.Now);
        }

        await Bounded.UntilAsync(() => time.Due.Length == 1, "the send that does not continue");
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(connection.IsClosed, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));
        DisconnectReason reason = await disconnected.NextAsync("Disconnected");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.WriteTimeout));
        Assert.That(reason.Message, Does.Contain("00:00:10"));
        Assert.That(time.Due, Is.Empty);
    }

    [Test]
    public async Task F5_idle_connection_holds_little_memory_after_large_frames()
    {
        using var connection = new RecordingConnection();
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        IPCFrame large = ScriptedHost.Reply(1, new string('x', 100_000));
        await Host.SendAsync(large, large, large, new IPCFrame { RequestId = 1 });
        await Bounded.UntilAsync(() => connection.Frames == 4, "the frames");
        await Bounded.UntilAsync(() => connection.ReceiveCapacity == ReceiveBuffer.OwnSize, "releasing the memory");
    }

    [Test]
    public async Task K2_connection_that_was_closed_first_does_not_connect()
    {
        var connection = new RecordingConnection();
        SignalProbe<ConnectOutcome> connected = Probe.Of(connection.Connected);
        connection.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "before"));
        connection.Connect(Endpoint);

        // The next one is the first that the host sees.
        using var next = new RecordingConnection();
        SignalProbe<ConnectOutcome> nextConnected = Probe.Of(next.Connected);
        next.OnNextFrame = () => next.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "the next one"));
        next.Connect(Endpoint);
        await nextConnected.NextAsync("Connected");
        await Host.AcceptAsync();
        await Host.SendAsync(new IPCFrame { RequestId = 1 });
        await next.Ended.Within("the end of the next one");
        Assert.That(connected.WaitingCount, Is.Zero);
        Assert.That(connection.Closed, Is.Zero);
        Assert.That(Host.HasWaitingConnection, Is.False);
    }

    [Test]
    public async Task K2_connection_that_was_closed_disposes_the_transport_that_it_is_given()
    {
        using var connection = new RecordingConnection();
        connection.Close(new DisconnectReason(DisconnectCause.ClosedLocally, "before"));
        IpcTransport transport = await Transports.ConnectorOf(Endpoint).ConnectAsync(CancellationToken.None);
        Assert.That(connection.Start(transport), Is.False);
        Assert.That(() => transport.Available, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task F3_frame_whose_handling_fails_ends_the_connection_and_is_logged()
    {
        var logger = new ListLogger();
        using var connection = new RecordingConnection(new IpcConnectionSettings { Logger = logger });
        SignalProbe<DisconnectReason> disconnected = Probe.Of(connection.Disconnected);
        connection.OnNextFrame = () => throw new InvalidOperationException("on purpose");
        connection.Connect(Endpoint);
        await Host.AcceptAsync();
        await Host.SendAsync(new IPCFrame { RequestId = 1 }, new IPCFrame { RequestId = 2 });
        DisconnectReason reason = await disconnected.NextAsync("Disconnected");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.ProtocolError));
        Assert.That(reason.Message, Is.EqualTo("Handling a frame failed: on purpose"));
        Assert.That(connection.Frames, Is.Zero);
        Assert.That(logger.Entries.Select(entry => (entry.Level, entry.Exception)), Does.Contain((LogLevel.Error, reason.Exception)));
    }

    private static MessageFrame SmallFrame(ulong requestId) => new(new IPCFrame { RequestId = requestId });
}
