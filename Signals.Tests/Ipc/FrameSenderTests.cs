using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>C11: what becomes of frames for which there is no room.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
public sealed class FrameSenderTests(Medium medium) : ClientFixture(medium)
{
    /// <summary>More than the sockets of both sides hold.</summary>
    private const int FillSize = 4 * 1024 * 1024;

    private RecordingConnection _connection = null!;

    [TearDown]
    public void CloseConnection() => _connection.Dispose();

    [Test]
    public async Task C11_frames_that_waited_are_all_accepted_in_order_when_there_is_room()
    {
        await FillAsync();
        QueuedFrame[] frames = [.. Enumerable.Range(1, 5).Select(i => new QueuedFrame(Small((ulong)i)))];
        foreach (QueuedFrame frame in frames)
        {
            Assert.That(_connection.Sender.SendOrQueue(frame, SendTiming.Soon), Is.EqualTo(SendResult.Queued));
            Assert.That(frame.Done.IsCompleted, Is.False);
        }

        await EmptyAsync();
        foreach (QueuedFrame frame in frames)
        {
            await frame.Done.Within("room for the frame");
        }

        Assert.That(await ReadIdsAsync(5), Is.EqualTo((ulong[])[1, 2, 3, 4, 5]));
    }

    [Test]
    public async Task C11_frames_that_waited_and_are_too_large_fail_alone()
    {
        await FillAsync();
        QueuedFrame[] frames = [.. Enumerable.Range(1, 4).Select(i => new QueuedFrame(i % 2 == 0 ? Large((ulong)i) : Small((ulong)i)))];
        foreach (QueuedFrame frame in frames)
        {
            Assert.That(_connection.Sender.SendOrQueue(frame, SendTiming.Soon), Is.EqualTo(SendResult.Queued));
        }

        await EmptyAsync();
        for (int i = 0; i < frames.Length; i++)
        {
            if (i % 2 == 0)
            {
                await frames[i].Done.Within("room for the frame");
            }
            else
            {
                IpcException? exception = await Assert.ThrowsAsync<IpcException>(() => frames[i].Done.Within("the failure"));
                Assert.That(exception!.Message, Does.Contain("raise the limit"));
            }
        }

        Assert.That(await ReadIdsAsync(2), Is.EqualTo((ulong[])[1, 3]));
    }

    [Test]
    public async Task C11_canceled_frame_is_skipped()
    {
        await FillAsync();
        var unwanted = new QueuedFrame(Small(1), isWanted: false);
        var wanted = new QueuedFrame(Small(2));
        _connection.Sender.SendOrQueue(unwanted, SendTiming.Soon);
        _connection.Sender.SendOrQueue(wanted, SendTiming.Soon);
        await EmptyAsync();
        await wanted.Done.Within("room for the frame");
        Assert.That(unwanted.Done.IsCompleted, Is.False, "The frame is not completed.");
        Assert.That(await ReadIdsAsync(1), Is.EqualTo((ulong[])[2]));
    }

    [Test]
    public async Task C11_frame_that_is_removed_from_the_queue_is_not_sent()
    {
        await FillAsync();
        var withdrawn = new QueuedFrame(Small(1));
        var behind = new QueuedFrame(Small(2));
        _connection.Sender.SendOrQueue(withdrawn, SendTiming.Soon);
        _connection.Sender.SendOrQueue(behind, SendTiming.Soon);
        Assert.That(_connection.Sender.Withdraw(withdrawn), Is.True);
        Assert.That(_connection.Sender.Withdraw(withdrawn), Is.False, "It no longer exists.");
        await EmptyAsync();
        await behind.Done.Within("room for the frame");
        Assert.That(_connection.Sender.Withdraw(behind), Is.False, "It has been sent.");
        Assert.That(await ReadIdsAsync(1), Is.EqualTo((ulong[])[2]));
    }

    [Test]
    public async Task C11_frame_that_throws_when_it_is_accepted_does_not_stop_the_sending()
    {
        await FillAsync();
        var throwing = new QueuedFrame(Small(1), onAccepted: () => throw new InvalidOperationException("the continuation"));
        var behind = new QueuedFrame(Small(2));
        _connection.Sender.SendOrQueue(throwing, SendTiming.Soon);
        _connection.Sender.SendOrQueue(behind, SendTiming.Soon);
        await EmptyAsync();
        await behind.Done.Within("room for the frame");
        Assert.That(await ReadIdsAsync(2), Is.EqualTo((ulong[])[1, 2]));
        _connection.Sender.Send(Small(3), SendTiming.Now);
        Assert.That(await ReadIdsAsync(1), Is.EqualTo((ulong[])[3]));
        Assert.That(_connection.IsClosed, Is.False);
    }

    [Test]
    public async Task C11_no_caller_overtakes_waiting_callers()
    {
        await FillAsync();
        var waiting = new QueuedFrame(Small(1));
        _connection.Sender.SendOrQueue(waiting, SendTiming.Soon);
        Assert.That(_connection.Sender.TrySend(Small(2), SendTiming.Soon), Is.False);
        Assert.That(_connection.Sender.SendOrQueue(new QueuedFrame(Small(3)), SendTiming.Soon), Is.EqualTo(SendResult.Queued));
        await EmptyAsync();
        Assert.That(await ReadIdsAsync(2), Is.EqualTo((ulong[])[1, 3]));
    }

    [Test]
    public async Task Awaited_frame_is_sent_by_its_caller_and_others_shortly_afterwards()
    {
        await ConnectAsync();
        _connection.Sender.Send(Small(1), SendTiming.Now);
        while (_connection.Sender.UnsentBytes != 0)
        {
            // Another thread was sending. Its data is read before the next attempt, so that the attempts do not fill the socket.
            await Host.ReadFrameAsync();
            _connection.Sender.Send(Small(1), SendTiming.Now);
        }

        int available = Host.Available;
        for (int i = 1; i <= 10; i++)
        {
            _connection.Sender.Send(Small(2), SendTiming.Now);
            Assert.That(Host.Available, Is.EqualTo(available + (i * Small(2).CalculateSize())));
        }

        _connection.Sender.Send(Small(3), SendTiming.Soon);
        ulong last = 0;
        while (last != 3)
        {
            last = (await Host.ReadFrameAsync()).RequestId;
        }
    }

    [Test]
    public async Task C5_frames_that_wait_at_the_end_are_returned_and_later_ones_are_refused()
    {
        await FillAsync();
        var waiting = new QueuedFrame(Small(1));
        _connection.Sender.SendOrQueue(waiting, SendTiming.Soon);
        Host.HangUp();
        Assert.That(await _connection.Ended.Within("the end"), Is.EqualTo((IQueuedFrame[])[waiting]));
        Assert.That(_connection.Sender.Withdraw(waiting), Is.False, "It has been returned.");
        long unsent = _connection.Sender.UnsentBytes;
        Assert.That(_connection.Sender.SendOrQueue(new QueuedFrame(Small(2)), SendTiming.Now), Is.EqualTo(SendResult.Closed));
        Assert.That(_connection.Sender.TrySend(Small(3), SendTiming.Now), Is.False);
        Assert.That(() => _connection.Sender.Send(Small(4), SendTiming.Now), Throws.Nothing);
        Assert.That(_connection.Sender.UnsentBytes, Is.EqualTo(unsent));
    }

    [Test]
    public async Task C11_there_is_room_below_the_limit_and_none_at_it()
    {
        MessageFrame frame = Bytes32();
        _connection = new RecordingConnection(new IpcConnectionSettings { MaxUnsentBytes = 64 });
        Assert.That(_connection.Sender.TrySend(frame, SendTiming.Now), Is.True);
        Assert.That(_connection.Sender.TrySend(frame, SendTiming.Now), Is.True);
        Assert.That(_connection.Sender.TrySend(frame, SendTiming.Now), Is.False);
        Assert.That(_connection.Sender.UnsentBytes, Is.EqualTo(64));

        // Frames that were accepted before the connection are sent when it is established.
        _connection.Connect(Endpoint);
        await Host.AcceptAsync();
        Assert.That((await Host.ReadFrameAsync()).MsgRequestError.Error, Has.Length.EqualTo(24));
        await Host.ReadFrameAsync();
        await Bounded.UntilAsync(() => _connection.Sender.UnsentBytes == 0, "the end of the sending");
    }

    [Test]
    public void F2_frame_of_exactly_the_limit_is_sent_and_one_byte_more_is_not()
    {
        _connection = new RecordingConnection(new IpcConnectionSettings { MaxFrameSize = 32 });
        Assert.That(() => _connection.Sender.Send(Bytes32(), SendTiming.Now), Throws.Nothing);
        Assert.That(_connection.Sender.UnsentBytes, Is.EqualTo(32));
        var larger = new MessageFrame(new IPCFrame { MsgRequestError = new IPCFrame.Types.RequestError { Error = new string('x', 25) } });
        Assert.That(
            () => _connection.Sender.Send(larger, SendTiming.Now),
            Throws.TypeOf<IpcException>().With.Message.Contains("33").And.Message.Contains("32")
        );
        Assert.That(_connection.Sender.UnsentBytes, Is.EqualTo(32));
    }

    [Test]
    public async Task H7_peer_that_accepts_data_in_time_is_not_disconnected_later()
    {
        var time = new FakeTime();
        _connection = new RecordingConnection(new IpcConnectionSettings { TimeProvider = time, WriteTimeout = TimeSpan.FromSeconds(10) });
        _connection.Connect(Endpoint);
        await Host.AcceptAsync();
        for (int round = 0; round < 3; round++)
        {
            Fill();
            await Bounded.UntilAsync(() => time.Due.Length == 1, "the send that does not continue");
            time.Advance(TimeSpan.FromSeconds(9));
            await EmptyAsync();
            await Bounded.UntilAsync(() => _connection.Sender.UnsentBytes == 0 && time.Due.Length == 0, "the end of the sending");
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.That(_connection.IsClosed, Is.False);
            Assert.That(time.Timers, Is.EqualTo(1), "One timer serves them all.");
        }
    }

    [Test]
    public async Task C11_frame_is_sent_after_the_data_that_the_system_has_not_yet_accepted()
    {
        await FillAsync();
        var waiting = new QueuedFrame(Small(1));
        _connection.Sender.SendOrQueue(waiting, SendTiming.Soon);
        long mark = _connection.Sender.UnsentBytes;
        Assert.That(mark, Is.Positive);
        await EmptyAsync();
        await waiting.Done.Within("room for the frame");
        await ReadIdsAsync(1);
        await Bounded.UntilAsync(() => _connection.Sender.UnsentBytes == 0, "the end of the sending");
    }

    [Test]
    public async Task Frames_sent_while_a_frame_is_handled_are_sent_before_its_end_if_they_are_enough([Values] bool exactly)
    {
        MessageFrame frame = Bytes32();
        int enough = SendBuffers.FramesOfBatch;
        bool arrived = false;
        await ConnectAsync(new IpcConnectionSettings());
        _connection.OnNextFrame = () =>
        {
            for (int i = 0; i < (exactly ? enough : enough + 8); i++)
            {
                Assert.That(_connection.Sender.TrySend(frame, SendTiming.Soon), Is.True);
            }

            arrived = SpinWait.SpinUntil(() => Host.Available > 0, Bounded.Limit);
        };
        await Host.SendAsync(new IPCFrame { RequestId = 1 });
        await Bounded.UntilAsync(() => _connection.Frames == 1, "the frame");
        Assert.That(arrived, Is.True);
    }

    [Test]
    public async Task Large_frames_are_sent_together_until_they_have_the_bytes_of_a_batch()
    {
        const int Size = 4096;
        const int Enough = SendBuffers.BytesOfBatch / Size;
        var frame = new MessageFrame(new IPCFrame { MsgRequestError = new IPCFrame.Types.RequestError { Error = new string('x', Size) } });
        int arrivedEarly = -1;
        bool arrived = false;
        await ConnectAsync(new IpcConnectionSettings());
        _connection.OnNextFrame = () =>
        {
            for (int i = 1; i < Enough; i++)
            {
                Assert.That(_connection.Sender.TrySend(frame, SendTiming.Soon), Is.True);
            }

            arrivedEarly = Host.Available;
            _connection.Sender.TrySend(frame, SendTiming.Soon);
            arrived = SpinWait.SpinUntil(() => Host.Available > 0, Bounded.Limit);
        };
        await Host.SendAsync(new IPCFrame { RequestId = 1 });
        await Bounded.UntilAsync(() => _connection.Frames == 1, "the frame");
        Assert.That((arrivedEarly, arrived), Is.EqualTo((0, true)));
    }

    /// <summary>A frame of 32 bytes, including its length.</summary>
    private static MessageFrame Bytes32()
    {
        var frame = new MessageFrame(new IPCFrame { MsgRequestError = new IPCFrame.Types.RequestError { Error = new string('x', 24) } });
        Assert.That(frame.CalculateSize(), Is.EqualTo(32));
        return frame;
    }

    private static MessageFrame Small(ulong requestId) => new(new IPCFrame { RequestId = requestId });

    private static MessageFrame Large(ulong requestId) => new(ScriptedHost.Reply(requestId, new string('x', 200_000)));

    private Task ConnectAsync() => ConnectAsync(new IpcConnectionSettings { MaxUnsentBytes = 1024 });

    private async Task ConnectAsync(IpcConnectionSettings settings)
    {
        _connection = new RecordingConnection(settings);
        _connection.Connect(Endpoint);
        await Host.AcceptAsync();
    }

    /// <summary>Connects, and sends until there is no more room.</summary>
    private async Task FillAsync()
    {
        await ConnectAsync();
        Fill();
    }

    private void Fill()
    {
        var fill = new MessageFrame(ScriptedHost.Reply(99, new string('x', 100_000)));
        for (int sent = 0; sent <= FillSize; sent += fill.CalculateSize())
        {
            _connection.Sender.Send(fill, SendTiming.Now);
        }
    }

    /// <summary>Reads the data that fills the connection.</summary>
    private async Task EmptyAsync()
    {
        int size = new MessageFrame(ScriptedHost.Reply(99, new string('x', 100_000))).CalculateSize();
        for (int read = 0; read <= FillSize; read += size)
        {
            Assert.That((await Host.ReadFrameAsync()).RequestId, Is.EqualTo(99));
        }
    }

    private async Task<ulong[]> ReadIdsAsync(int count)
    {
        ulong[] ids = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = (await Host.ReadFrameAsync()).RequestId;
        }

        return ids;
    }
}
