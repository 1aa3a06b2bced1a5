using Microsoft.Extensions.Logging.Abstractions;
using Signals.Ipc;
using Signals.Ipc.Client;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;
using Signals.Systematic.Support;
using Signals.Tests.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>The sender and the queue of events, which determine the order of a client.</summary>
internal static class SenderScenarios
{
    /// <summary>The unsent bytes above which frames wait for room: less than one frame.</summary>
    private const int FewBytes = 8;

    [Scenario(300, Seconds = 8)]
    internal static async Task C11_frames_of_two_threads_arrive_whole_and_in_each_threads_order()
    {
        (RecordingConnection connection, ScriptedHost host) = await ConnectAsync();
        QueuedFrame[] queued = [new(Frame(11)), new(Frame(12))];
        Task unconditional = Task.Run(() =>
        {
            connection.Sender.Send(Frame(1), SendTiming.Now);
            connection.Sender.Send(Frame(2), SendTiming.Soon);
        });
        Task waiting = Task.Run(() =>
        {
            foreach (QueuedFrame frame in queued)
            {
                if (connection.Sender.SendOrQueue(frame, SendTiming.Soon) == SendResult.Accepted)
                {
                    frame.OnAccepted();
                }
            }
        });
        var ids = new List<int>();
        for (int i = 0; i < 4; i++)
        {
            ids.Add((int)(await host.ReadFrameAsync()).RequestId);
        }

        await Threads.WhenAll(unconditional, waiting, queued[0].Done, queued[1].Done);
        Check.IsOneOf(ids.Where(id => id < 10), [1, 2]);
        Check.IsOneOf(ids.Where(id => id > 10), [11, 12]);
    }

    [Scenario(300, Seconds = 8)]
    internal static async Task C11_frame_that_waits_for_room_is_accepted_or_given_back_when_the_connection_ends()
    {
        (RecordingConnection connection, ScriptedHost host) = await ConnectAsync();
        connection.Sender.Send(Frame(1), SendTiming.Soon);
        var frame = new QueuedFrame(Frame(2));
        SendResult result = SendResult.Closed;
        Task sending = Task.Run(() => result = connection.Sender.SendOrQueue(frame, SendTiming.Soon));
        Task closing = Task.Run(() => host.HangUp());
        await Threads.WhenAll(sending, closing);
        IReadOnlyList<IQueuedFrame> unsent = await connection.Ended;
        Check.That(connection.Closed == 1);
        Check.That(result != SendResult.Queued || frame.Done.IsCompleted != unsent.Contains(frame));
        Check.That(!frame.IsQueued);
    }

    [Scenario(1000)]
    internal static void C5_events_of_two_threads_are_raised_once_in_order_and_one_at_a_time()
    {
        var events = new SerialQueue(NullLogger.Instance, (_, _) => { });
        var raised = new List<int>();
        int inside = 0;
        int overlaps = 0;
        Threads.Run(() => AddAndRun(1, 2), () => AddAndRun(11, 12));
        Check.That(overlaps == 0);
        Check.IsOneOf(raised.Where(number => number < 10), [1, 2]);
        Check.IsOneOf(raised.Where(number => number > 10), [11, 12]);

        void AddAndRun(params int[] numbers)
        {
            foreach (int number in numbers)
            {
                events.Add(() =>
                {
                    // Counted: exceptions of events are logged.
                    overlaps += Interlocked.Increment(ref inside) == 1 ? 0 : 1;
                    raised.Add(number);
                    Interlocked.Decrement(ref inside);
                });
                events.TryRun();
            }
        }
    }

    [Scenario(1000)]
    internal static async Task T3_events_of_a_binding_are_raised_after_its_streams_were_called_by_another_thread()
    {
        var steps = new ClientSteps(NullLogger.Instance, ClientRig.NextEndpoint());
        var raised = new TaskCompletionSource<int>();
        int calls = 0;
        steps.AddSend(() => Interlocked.Increment(ref calls));
        steps.Raise(() => raised.SetResult(Volatile.Read(ref calls)));
        Threads.Run(steps.RunSends, steps.RunAll);
        Check.That(await raised.Task == 1);
    }

    [Scenario(1000)]
    internal static async Task C5_events_that_another_thread_adds_with_a_step_of_an_attempt_are_raised()
    {
        var steps = new ClientSteps(NullLogger.Instance, ClientRig.NextEndpoint());
        var raised = new TaskCompletionSource();
        steps.Raise(raised.SetResult);
        Threads.Run(steps.RunAttempts, steps.RunAll);
        await raised.Task;
    }

    private static async Task<(RecordingConnection Connection, ScriptedHost Host)> ConnectAsync()
    {
        IpcEndpoint endpoint = ClientRig.NextEndpoint();
        var host = new ScriptedHost(endpoint, ClientRig.Capacity);
        var connection = new RecordingConnection(new IpcConnectionSettings { MaxUnsentBytes = FewBytes, TimeProvider = new FakeTime() });
        connection.Connect(endpoint);
        await host.AcceptAsync();
        return (connection, host);
    }

    private static MessageFrame Frame(int id) =>
        new(
            new IPCFrame
            {
                RequestId = (ulong)id,
                MsgRequestError = new IPCFrame.Types.RequestError { Error = "as long as a short message" },
            }
        );
}
