using NUnit.Framework;
using Signals.Tests.Tracking.Protos;

namespace Signals.Tests.Tracking;

[NonParallelizable]
public sealed class TraceTests
{
    private static readonly string[] CategoriesOfThrowing = ["emission", "slot", "slot", "queue", "run"];

    [Test]
    public void W1_an_emission_is_a_slice_with_a_slice_for_each_slot()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "traced" });
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        signal.Connect(receiver.Ring);

        TraceReader trace = Record(() =>
        {
            signal.Emit(1);
            signal.Emit(2);
        });

        Slice[] emissions = trace.Of("emission", "traced");
        Slice[] slots = trace.Of("slot", "Receiver.Receive");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(emissions, Has.Length.EqualTo(2));
            Assert.That(slots.Select(static slot => slot.Parent), Is.EqualTo(emissions));
            Assert.That(trace.Of("slot", "Receiver.Ring").Select(static slot => slot.Parent), Is.EqualTo(emissions));
            Assert.That(trace.Slices, Has.Count.EqualTo(6));
            Assert.That(trace.Open, Is.Empty);
            Assert.That(emissions[0].Track.Thread.Tid, Is.EqualTo(Environment.CurrentManagedThreadId));
            Assert.That(emissions[0].Track.Thread.Pid, Is.EqualTo(Environment.ProcessId));
            Assert.That((receiver.Sum, receiver.Rings), Is.EqualTo((3, 2)));
        }
    }

    [Test]
    public void W1_slices_end_when_slots_throw()
    {
        using var signal = new Signal(new SignalOptions { Name = "throwing" });
        using var evaluator = new ConnectionEvaluator();
        signal.Connect(static () => throw new InvalidOperationException());
        signal.Connect(static () => throw new InvalidOperationException());
        signal.ConnectDeferred(evaluator, static () => throw new InvalidOperationException());

        TraceReader trace = Record(() =>
        {
            Assert.That(signal.Emit, Throws.InstanceOf<AggregateException>());
            Assert.That(evaluator.EvaluateDeferredConnections, Throws.InvalidOperationException);
            signal.DisconnectAll();
        });

        Assert.That(trace.Slices.Select(static slice => slice.Category), Is.EquivalentTo(CategoriesOfThrowing));
        Assert.That(trace.Open, Is.Empty);
    }

    [Test]
    public void W1_all_numbers_of_arguments_and_queries_are_recorded()
    {
        using var zero = new Signal(new SignalOptions { Name = "arity" });
        using var two = new Signal<int, int>(new SignalOptions { Name = "arity" });
        using var three = new Signal<int, int, int>(new SignalOptions { Name = "arity" });
        using var four = new Signal<int, int, int, int>(new SignalOptions { Name = "arity" });
        using var query = new Query<int, int>();
        zero.Connect(static () => { });
        two.Connect(static (_, _) => { });
        three.Connect(static (_, _, _) => { });
        four.Connect(static (_, _, _, _) => { });
        query.Connect(static value => value);

        TraceReader trace = Record(() =>
        {
            zero.Emit();
            two.Emit(1, 2);
            three.Emit(1, 2, 3);
            four.Emit(1, 2, 3, 4);
            query.Ask(1);
        });

        Assert.That(trace.Of("emission", "arity"), Has.Length.EqualTo(4));
        Assert.That(trace.Slices.Count(static slice => slice.Category == "slot"), Is.EqualTo(5));
    }

    [Test]
    public void W2_an_arrow_leads_from_the_emission_to_each_run_of_a_deferred_slot()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "arrows" });
        using var evaluator = new ConnectionEvaluator();
        var receiver = new Receiver();
        ConnectionHandle removed = signal.ConnectDeferred(evaluator, static _ => { });
        signal.ConnectDeferred(evaluator, receiver.Receive);

        TraceReader trace = Record(() =>
        {
            signal.Emit(1);
            signal.Emit(2);

            // Their invocations leave gaps in the queue.
            removed.Disconnect();
            signal.Emit(3);
            evaluator.EvaluateDeferredConnections();
            signal.Emit(4);
            evaluator.EvaluateDeferredConnections();
        });

        Slice[] queued = trace.Of("queue", "queue Receiver.Receive");
        Slice[] run = trace.Of("run", "Receiver.Receive");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run, Has.Length.EqualTo(4));
            Assert.That(run.Select(static slice => slice.EndedFlows.Single()), Is.EqualTo(queued.Select(static slice => slice.Flows.Single())));
            Assert.That(run.Select(static slice => slice.EndedFlows.Single()), Is.Unique);
            Assert.That(queued.Select(static slice => slice.Parent!.Name), Is.All.EqualTo("arrows"));
            Assert.That(run[0].Track.Name, Does.StartWith("ConnectionEvaluator #"));
            Assert.That(receiver.Sum, Is.EqualTo(10));
        }
    }

    [Test]
    public void W2_the_arrow_of_a_replaced_invocation_comes_from_the_latest_emission()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "latest" });
        using var evaluator = new ConnectionEvaluator();
        var receiver = new Receiver();
        signal.ConnectDeferredLatest(evaluator, receiver.Receive);

        TraceReader trace = Record(() =>
        {
            signal.Emit(1);
            signal.Emit(2);
            signal.Emit(3);
            evaluator.EvaluateDeferredConnections();
        });

        Slice run = trace.Of("run", "Receiver.Receive").Single();
        Assert.That(run.EndedFlows, Is.EqualTo(trace.Of("queue", "queue Receiver.Receive")[^1].Flows));
        Assert.That(receiver.Sum, Is.EqualTo(3));
    }

    /// <summary>The arrows follow the invocations when a queue drops the oldest, closes its gaps and grows.</summary>
    [Test]
    public void W2_arrows_lead_to_the_right_runs_in_random_programs([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var options = new ConnectionEvaluatorOptions
        {
            Capacity = seed % 2 == 0 ? 40 : null,
            FullMode =
                seed % 4 == 0 ? System.Threading.Channels.BoundedChannelFullMode.DropNewest : System.Threading.Channels.BoundedChannelFullMode.DropOldest,
        };
        using var signal = new Signal<string>(new SignalOptions { Name = "random" });
        using var evaluator = new ConnectionEvaluator(options);
        var run = new List<string>();
        var handles = new List<ConnectionHandle>();

        // Each value is the name of an emission around that of the value, so an arrow leads to its name.
        TraceReader trace = Record(() =>
        {
            for (int i = 0; i < 300; i++)
            {
                switch (random.Next(12))
                {
                    case 0:
                        handles.Add(signal.ConnectDeferred(evaluator, run.Add));
                        break;
                    case 1 when handles.Count > 0:
                        handles[random.Next(handles.Count)].Disconnect();
                        break;
                    case 2:
                        handles.Add(signal.ConnectDeferredLatest(evaluator, run.Add));
                        break;
                    case 3:
                        evaluator.EvaluateDeferredConnections();
                        break;
                    default:
                        EmitNamed(signal, $"value {i}");
                        break;
                }
            }

            evaluator.EvaluateDeferredConnections();
        });

        Slice[] queued = trace.Of("queue", "queue List<String>.Add");
        Slice[] runs = trace.Of("run", "List<String>.Add");
        Dictionary<ulong, string> valueOf = queued.ToDictionary(static slice => slice.Flows.Single(), static slice => slice.Parent!.Parent!.Parent!.Name);
        Assert.That(runs, Is.Not.Empty);
        Assert.That(runs.Select(slice => valueOf[slice.EndedFlows.Single()]), Is.EqualTo(run));
    }

    [Test]
    public void W3_the_pending_invocations_of_an_evaluator_are_a_counter()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "counted" });
        using var evaluator = new ConnectionEvaluator();
        signal.ConnectDeferred(evaluator, static _ => { });

        TraceReader trace = Record(() =>
        {
            signal.Emit(1);
            signal.Emit(2);
            signal.Emit(3);
            evaluator.EvaluateDeferredConnections();
        });

        Assert.That(trace.Counters.Select(static counter => counter.Track), Is.All.StartsWith("pending: ConnectionEvaluator #"));
        Assert.That(trace.Counters.Select(static counter => counter.Value), Is.EqualTo([1L, 2L, 3L, 2L, 1L, 0L]));
    }

    [Test]
    public void W4_each_thread_and_each_evaluator_has_a_track()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "tracks" });
        using var evaluator = new ThreadEvaluator("worker of W4");
        using var hasRun = new ManualResetEventSlim();
        signal.ConnectDeferred(evaluator, _ => hasRun.Set());

        TraceReader trace = Record(() =>
        {
            new Worker(() => signal.Emit(1)).Join();
            Bounded.Wait(hasRun, "the slot");

            // The slice of the slot ends after it.
            new Worker(() => evaluator.Post(hasRun.Reset)).Join();
            Bounded.Until(() => !hasRun.IsSet, "the next slot");
        });

        Slice emission = trace.Of("emission", "tracks").Single();
        Slice run = trace.Slices.First(static slice => slice.Category == "run");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(emission.Track.Thread, Is.Not.Null);
            Assert.That(run.Track.Name, Is.EqualTo("worker of W4"));
            Assert.That(run.Track.Thread, Is.Null);
            Assert.That(run.Track.ParentUuid, Is.EqualTo(emission.Track.ParentUuid));
            Assert.That(trace.Tracks.Single(track => track.Uuid == run.Track.ParentUuid).Process.Pid, Is.EqualTo(Environment.ProcessId));
        }
    }

    [Test]
    public void W5_events_that_find_their_buffer_full_are_dropped_and_counted_and_slices_stay_complete()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "full" });
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        using var stream = new GateStream();
        SignalTrace recording = SignalTrace.Start(stream, new SignalTraceOptions { EventsPerThread = 64, FlushInterval = TimeSpan.FromDays(1) });
        long dropped;
        using (recording)
        {
            // The writer is inside the stream while the events are added.
            stream.Close(recording);
            for (int i = 0; i < 100; i++)
            {
                signal.Emit(i);
            }

            dropped = recording.DroppedCount;
            stream.Open();
        }

        var trace = new TraceReader(stream.ToArray());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(dropped, Is.Positive);
            Assert.That(trace.Slices.Count + dropped, Is.EqualTo(200));
            Assert.That(trace.Counters, Is.EqualTo(new[] { ("dropped events", dropped) }));
            Assert.That(trace.Open, Is.Empty);
            Assert.That(receiver.Sum, Is.EqualTo(4950));
        }
    }

    [Test]
    public void W5_nested_emissions_that_fill_the_buffer_leave_complete_slices()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "nested" });
        signal.Connect(depth =>
        {
            if (depth > 0)
            {
                signal.Emit(depth - 1);
            }
        });
        using var stream = new GateStream();
        using (SignalTrace recording = SignalTrace.Start(stream, new SignalTraceOptions { EventsPerThread = 64 }))
        {
            stream.Close(recording);
            signal.Emit(200);
            signal.Emit(3);
            stream.Open();
        }

        var trace = new TraceReader(stream.ToArray());
        Assert.That(trace.Slices, Has.Count.EqualTo(32), "Each slice takes two places.");
        Assert.That(trace.Open, Is.Empty);
    }

    [Test]
    public void W6_names_are_written_once_and_forgotten_when_there_are_many()
    {
        const int count = TraceSequence.MaxNames + 500;
        using var stream = new MemoryStream();
        using (SignalTrace recording = SignalTrace.Start(stream, new SignalTraceOptions { EventsPerThread = 1 << 16 }))
        {
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < count; i++)
                {
                    using var signal = new Signal(new SignalOptions { Name = $"name {i}" });
                    signal.Connect(Nothing);
                    signal.Emit();
                    signal.Emit();
                }

                recording.Flush();
            }
        }

        var trace = new TraceReader(stream.ToArray());
        TracePacket[] cleared =
        [
            .. trace.Trace.Packet.Where(static packet => packet.SequenceFlags == (uint)TracePacket.Types.SequenceFlags.SeqIncrementalStateCleared),
        ];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(trace.Of("emission", "name 7"), Has.Length.EqualTo(4));
            Assert.That(trace.Slices, Has.Count.EqualTo(8 * count));
            Assert.That(cleared, Has.Length.EqualTo(3), "At the beginning and after each 4,096 names.");
            Assert.That(cleared.Select(static packet => packet.FirstPacketOnSequence), Is.EqualTo([true, false, false]));
        }

        static void Nothing() { }
    }

    [Test]
    public void W7_a_file_that_is_cut_off_has_all_packets_before_the_last_flush()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "cut.pftrace");
        using var signal = new Signal<int>(new SignalOptions { Name = "cut" });
        signal.Connect(static _ => { });
        using SignalTrace recording = SignalTrace.Start(path, new SignalTraceOptions { FlushInterval = TimeSpan.FromDays(1) });
        signal.Emit(1);
        recording.Flush();

        // As a program that crashes now leaves it.
        byte[] flushed = ReadShared(path);
        signal.Emit(2);

        Assert.That(new TraceReader(flushed).Of("emission", "cut"), Has.Length.EqualTo(1));
        recording.Dispose();
        Assert.That(new TraceReader(File.ReadAllBytes(path)).Of("emission", "cut"), Has.Length.EqualTo(2));
        File.Delete(path);
    }

    [Test]
    public void W7_every_write_ends_at_the_border_of_a_packet()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "borders" });
        signal.Connect(static _ => { });
        var lengths = new List<int>();
        using var stream = new WriteStream(lengths);
        using (SignalTrace recording = SignalTrace.Start(stream))
        {
            for (int i = 0; i < 20_000; i++)
            {
                signal.Emit(i);
            }
        }

        byte[] bytes = stream.ToArray();
        int end = 0;
        Assert.That(lengths.Where(static length => length > 0), Has.Some.Positive);
        foreach (int length in lengths)
        {
            end += length;
            Assert.That(() => Trace.Parser.ParseFrom(bytes, 0, end), Throws.Nothing);
        }
    }

    [Test]
    public void W8_one_trace_is_active_at_a_time()
    {
        using var stream = new MemoryStream();
        using SignalTrace first = SignalTrace.Start(stream);

        Assert.That(() => SignalTrace.Start(new MemoryStream()), Throws.InvalidOperationException.With.Message.Contains("active"));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "second.pftrace");
        Assert.That(() => SignalTrace.Start(path), Throws.InvalidOperationException);
        Assert.That(File.Exists(path), Is.False);

        first.Dispose();
        first.Dispose();
        first.Flush();
        SignalTrace.Start(new MemoryStream()).Dispose();
    }

    [Test]
    public void W8_a_stream_that_fails_ends_the_trace_and_not_the_program()
    {
        using var signal = new Signal<int>();
        signal.Connect(static _ => { });
        using var stream = new GateStream { Failure = new IOException("The disk is full.") };
        using SignalTrace recording = SignalTrace.Start(stream);
        signal.Emit(1);

        recording.Flush();

        Assert.That(recording.Failure, Is.SameAs(stream.Failure));
        signal.Emit(2);
        SignalTrace.Start(new MemoryStream()).Dispose();
    }

    [Test]
    public void W8_a_stream_may_flush_and_dispose_the_trace_that_writes_to_it()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "inside" });
        signal.Connect(static _ => { });
        using var stream = new GateStream();
        using SignalTrace recording = SignalTrace.Start(stream, new SignalTraceOptions { FlushInterval = TimeSpan.FromDays(1) });
        stream.OnWrite = () =>
        {
            recording.Flush();
            recording.Dispose();
        };
        signal.Emit(1);

        recording.Dispose();

        Assert.That(new TraceReader(stream.ToArray()).Of("emission", "inside"), Has.Length.EqualTo(1));
    }

    [Test]
    public void W8_bad_arguments_are_rejected()
    {
        var options = new SignalTraceOptions();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(static () => SignalTrace.Start(""), Throws.ArgumentException);
            Assert.That(static () => SignalTrace.Start((Stream)null!), Throws.ArgumentNullException);
            Assert.That(static () => SignalTrace.Start(new MemoryStream([], writable: false)), Throws.ArgumentException.With.Message.Contains("stream"));
            Assert.That(() => options.EventsPerThread = 63, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("EventsPerThread"));
            Assert.That(
                () => options.FlushInterval = TimeSpan.Zero,
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("FlushInterval")
            );
        }
    }

    [Test]
    public void W9_a_trace_keeps_no_object_of_the_program_alive()
    {
        using var stream = new MemoryStream();
        using SignalTrace recording = SignalTrace.Start(stream, new SignalTraceOptions { FlushInterval = TimeSpan.FromDays(1) });
        WeakReference[] objects = EmitAndForget();

        Garbage.Collect();

        Assert.That(objects.Select(static reference => reference.IsAlive), Is.All.False);
    }

    [Test]
    public void W10_many_threads_are_recorded_while_threads_come_and_go()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "many" });
        using var evaluator = new ThreadPoolEvaluator();
        int run = 0;
        signal.Connect(static _ => { });
        signal.ConnectDeferred(evaluator, _ => Interlocked.Increment(ref run));
        using var stream = new MemoryStream();
        SignalTrace recording;
        using (recording = SignalTrace.Start(stream, new SignalTraceOptions { EventsPerThread = 1 << 14 }))
        {
            for (int round = 0; round < 5; round++)
            {
                Action emitting = () =>
                {
                    for (int i = 0; i < 200; i++)
                    {
                        signal.Emit(i);
                    }
                };
                Worker.RunAll([.. Enumerable.Repeat(emitting, 4)]);
                recording.Flush();
            }

            Bounded.Until(() => Volatile.Read(ref run) == 4000 && evaluator.PendingCount == 0, "all runs");

            // The last slice ends after its slot: the next round begins after that of the last one has ended.
            Bounded.Result(new ValueTask<bool>(PostAsync(evaluator)), "the next round");
        }

        var trace = new TraceReader(stream.ToArray());
        Slice[] runs = [.. trace.Slices.Where(static slice => slice.Category == "run" && slice.EndedFlows.Length > 0)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(recording.DroppedCount, Is.Zero);
            Assert.That(trace.Of("emission", "many"), Has.Length.EqualTo(4000));
            Assert.That(runs, Has.Length.EqualTo(4000));
            Assert.That(runs.SelectMany(static slice => slice.EndedFlows), Is.EquivalentTo(trace.Slices.SelectMany(static slice => slice.Flows)));
        }
    }

    private static Task<bool> PostAsync(ConnectionEvaluator evaluator)
    {
        var posted = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        evaluator.Post(() => posted.SetResult(true));
        return posted.Task;
    }

    /// <summary>Emits a value inside of an emission that has its name.</summary>
    private static void EmitNamed(Signal<string> signal, string value)
    {
        using var outer = new Signal(new SignalOptions { Name = value });
        outer.Connect(() => signal.Emit(value));
        outer.Emit();
    }

    private static WeakReference[] EmitAndForget()
    {
        var signal = new Signal<int>();
        var evaluator = new ConnectionEvaluator();
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        signal.ConnectDeferred(evaluator, receiver.Receive);
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        return [new WeakReference(signal), new WeakReference(evaluator), new WeakReference(receiver)];
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Records what an action does.</summary>
    private static TraceReader Record(Action action)
    {
        using var stream = new MemoryStream();
        using (SignalTrace.Start(stream, new SignalTraceOptions { FlushInterval = TimeSpan.FromDays(1), EventsPerThread = 1 << 16 }))
        {
            action();
        }

        return new TraceReader(stream.ToArray());
    }
}
