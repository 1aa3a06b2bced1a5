using NUnit.Framework;

namespace Signals.Tests.Tracking;

[NonParallelizable]
public sealed class SnapshotTests
{
    [Test]
    public void V1_a_signal_has_its_name_its_type_and_the_type_that_created_it()
    {
        using var named = new Signal<int>(new SignalOptions { Name = "named" });
        using Signal<string, int> unnamed = Maker.Make();

        SignalSnapshot snapshot = SignalTracker.Snapshot();

        SignalInfo first = snapshot.Signal("named");
        SignalInfo second = snapshot.Signals.Single(signal => signal.Creator == typeof(Maker).FullName);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.TypeName, Is.EqualTo("Signal<Int32>"));
            Assert.That(first.DisplayName, Is.EqualTo("named"));
            Assert.That(first.Creator, Is.EqualTo(typeof(SnapshotTests).FullName));
            Assert.That(second.Name, Is.Null);
            Assert.That(second.TypeName, Is.EqualTo("Signal<String, Int32>"));
            Assert.That(second.DisplayName, Is.EqualTo($"SnapshotTests+Maker #{second.Id}"));
            Assert.That(second.Id, Is.GreaterThan(first.Id));
        }
    }

    [Test]
    public void V1_a_disposed_signal_is_not_in_the_snapshot()
    {
        var signal = new Signal(new SignalOptions { Name = "disposed" });
        signal.Connect(static () => { });

        signal.Dispose();

        SignalSnapshot snapshot = SignalTracker.Snapshot();
        Assert.That(snapshot.Signals.Select(static known => known.Name), Has.None.EqualTo("disposed"));
        Assert.That(snapshot.ConnectionsOf("disposed"), Is.Empty);
    }

    [Test]
    public void V2_a_connection_has_its_slot_its_target_and_its_emissions()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "counted" });
        var receiver = new Receiver();
        ConnectionHandle handle = signal.Connect(receiver.Receive);
        signal.Emit(1);
        signal.Emit(2);
        handle.Block(true);
        signal.Emit(3);

        ConnectionInfo connection = SignalTracker.Snapshot().ConnectionOf("counted");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(connection.Slot, Is.EqualTo("Receiver.Receive"));
            Assert.That(connection.TargetType, Is.EqualTo("Receiver"));
            Assert.That(connection.Kind, Is.EqualTo(ConnectionKind.Plain));
            Assert.That(connection.Emissions, Is.EqualTo(2));
            Assert.That(connection.ThreadCount, Is.EqualTo(1));
            Assert.That(connection.IsBlocked, Is.True);
            Assert.That(connection.IsWeak, Is.False);
            Assert.That(connection.EvaluatorId, Is.Null);
            Assert.That(receiver.Sum, Is.EqualTo(3));
        }
    }

    [Test]
    public void V2_an_ended_connection_is_not_in_the_snapshot()
    {
        using var signal = new Signal(new SignalOptions { Name = "ended" });
        ConnectionHandle first = signal.Connect(static () => { });
        signal.ConnectReflective(static _ => { });

        first.Disconnect();

        Assert.That(SignalTracker.Snapshot().ConnectionOf("ended").Kind, Is.EqualTo(ConnectionKind.Reflective));
    }

    [Test]
    public void V2_each_kind_of_connection_is_named()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "kinds" });
        using var chained = new Signal<int>(new SignalOptions { Name = "chained" });
        using var evaluator = new ConnectionEvaluator();
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        signal.Connect(receiver.Ring);
        signal.Connect(receiver, static (target, value) => target.Receive(value));
        signal.Connect(chained);
        signal.ConnectReflective(static (_, _) => { });
        signal.ConnectSingleShot(receiver.Receive);
        signal.ConnectWeak(receiver, static (target, value) => target.Receive(value));
        signal.ConnectDeferred(evaluator, receiver.Receive);
        signal.ConnectDeferredLatest(evaluator, receiver.Receive);
        signal.ConnectAsync(static (_, _) => ValueTask.CompletedTask);
        signal.ConnectDeferredAsync(evaluator, static (_, _) => ValueTask.CompletedTask);
        signal.ConnectDeferredWeak(evaluator, receiver, static (target, value) => target.Receive(value));
        signal.ConnectBlocking(evaluator, receiver.Receive);
        signal.Connect(receiver.Receive, new ConnectOptions { Group = 1 });
        using IDisposable subscription = signal.AsObservable().Subscribe(new RecordingObserver<int>());

        SignalSnapshot snapshot = SignalTracker.Snapshot();

        ConnectionInfo[] connections = snapshot.ConnectionsOf("kinds");
        long evaluatorId = connections.Single(static connection => connection.Kind == ConnectionKind.Deferred).EvaluatorId!.Value;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                connections.Select(static connection => (connection.Kind, connection.TargetType)),
                Is.EquivalentTo(
                    new (ConnectionKind, string?)[]
                    {
                        (ConnectionKind.Plain, "Receiver"),
                        (ConnectionKind.ArgumentDropping, "Receiver"),
                        (ConnectionKind.WithState, "Receiver"),
                        (ConnectionKind.Chained, "Signal<Int32>"),
                        (ConnectionKind.Reflective, null),
                        (ConnectionKind.SingleShot, "Receiver"),
                        (ConnectionKind.Weak, "Receiver"),
                        (ConnectionKind.Deferred, "Receiver"),
                        (ConnectionKind.DeferredLatest, "Receiver"),
                        (ConnectionKind.Asynchronous, null),
                        (ConnectionKind.DeferredAsynchronous, null),
                        (ConnectionKind.DeferredWeak, "Receiver"),
                        (ConnectionKind.Blocking, "Receiver"),
                        (ConnectionKind.Observer, "RecordingObserver<Int32>"),
                        (ConnectionKind.Plain, "Receiver"),
                    }
                )
            );
            Assert.That(
                connections.Where(connection => connection.EvaluatorId == evaluatorId).Select(static connection => connection.Kind),
                Is.EquivalentTo(
                    new[]
                    {
                        ConnectionKind.Deferred,
                        ConnectionKind.DeferredLatest,
                        ConnectionKind.DeferredAsynchronous,
                        ConnectionKind.DeferredWeak,
                        ConnectionKind.Blocking,
                    }
                )
            );
            Assert.That(
                connections.Where(static connection => connection.IsWeak).Select(static connection => connection.Kind),
                Is.EquivalentTo(new[] { ConnectionKind.Weak, ConnectionKind.DeferredWeak })
            );
            Assert.That(connections[^1].Group, Is.EqualTo(1));
            Assert.That(
                connections.Single(static connection => connection.Kind == ConnectionKind.Chained).TargetSignalId,
                Is.EqualTo(snapshot.Signal("chained").Id)
            );
        }
    }

    [Test]
    public void V2_the_slots_of_a_query_are_connections()
    {
        using var query = new Query<int, bool>(new SignalOptions { Name = "query" });
        query.Connect(static value => value > 1);
        query.ConnectAsync(static (value, _) => ValueTask.FromResult(value > 2));

        IReadOnlyList<bool> answers = Bounded.Result(query.AskAsync(2), "the results");

        Assert.That(answers, Is.EqualTo([true, false]));
        Assert.That(SignalTracker.Snapshot().ConnectionsOf("query").Select(static connection => connection.Emissions), Is.EqualTo([1L, 1L]));
    }

    [Test]
    public void V2_the_age_of_a_connection_is_the_time_since_it_was_made()
    {
        var time = new FakeTime();
        using var signal = new Signal(new SignalOptions { Name = "aged" });
        TrackedObjects.Time = time;
        try
        {
            signal.Connect(static () => { });
            time.Advance(TimeSpan.FromMinutes(5));

            Assert.That(SignalTracker.Snapshot().ConnectionOf("aged").Age, Is.EqualTo(TimeSpan.FromMinutes(5)));
        }
        finally
        {
            TrackedObjects.Time = TimeProvider.System;
        }
    }

    [Test]
    public void V3_an_evaluator_has_its_name_and_its_pending_and_dropped_invocations()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "deferring" });
        using var evaluator = new ConnectionEvaluator(
            new ConnectionEvaluatorOptions { Capacity = 2, FullMode = System.Threading.Channels.BoundedChannelFullMode.DropOldest }
        );
        using var thread = new ThreadEvaluator("worker of V3");
        signal.ConnectDeferred(evaluator, static _ => { });
        Enumerable.Range(0, 5).ToList().ForEach(signal.Emit);

        SignalSnapshot snapshot = SignalTracker.Snapshot();

        EvaluatorInfo filled = snapshot.Evaluators.Single(known => known.Id == snapshot.ConnectionOf("deferring").EvaluatorId);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((filled.PendingCount, filled.DroppedCount), Is.EqualTo((2, 3)));
            Assert.That(filled.DisplayName, Is.EqualTo($"ConnectionEvaluator #{filled.Id}"));
            Assert.That(snapshot.Evaluators.Single(static known => known.Name == "worker of V3").TypeName, Is.EqualTo(nameof(ThreadEvaluator)));
        }
    }

    [Test]
    public void V3_a_disposed_evaluator_is_not_in_the_snapshot()
    {
        new ThreadEvaluator("disposed of V3").Dispose();

        Assert.That(SignalTracker.Snapshot().Evaluators.Select(static known => known.Name), Has.None.EqualTo("disposed of V3"));
    }

    [Test]
    public void V5_the_tracker_keeps_no_signal_no_target_and_no_evaluator_alive()
    {
        WeakReference[] objects = MakeObjects();
        SignalSnapshot snapshot = SignalTracker.Snapshot();

        Garbage.Collect();

        Assert.That(objects.Select(static reference => reference.IsAlive), Is.All.False);
        Assert.That(snapshot.ConnectionsOf("forgotten"), Has.Length.EqualTo(2), "The snapshot itself is complete.");
        Assert.That(SignalTracker.Snapshot().ConnectionsOf("forgotten"), Is.Empty);
    }

    [Test]
    public void V6_a_snapshot_runs_no_code_of_the_program()
    {
        using var signal = new Signal<Hostile>(new SignalOptions { Name = "hostile" });
        var hostile = new Hostile();
        signal.Connect(hostile.Receive);
        signal.Connect(hostile.Receive);
        signal.Connect(hostile, static (target, value) => target.Receive(value));
        signal.ConnectWeak(hostile, static (target, value) => target.Receive(value));

        SignalSnapshot snapshot = SignalTracker.Snapshot();

        Assert.That(snapshot.ConnectionsOf("hostile"), Has.Length.EqualTo(4));
        Assert.That(snapshot.FindOf("hostile"), Has.Length.EqualTo(1));
    }

    [Test]
    public void V6_a_snapshot_can_be_taken_inside_of_a_slot_and_while_other_threads_change_connections()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "busy" });
        int seen = 0;
        signal.Connect(_ => seen = SignalTracker.Snapshot().ConnectionsOf("busy").Length);
        using var isStopping = new ManualResetEventSlim();
        var worker = new Worker(() =>
        {
            while (!isStopping.IsSet)
            {
                signal.Connect(static _ => { }).Disconnect();
                new Signal(new SignalOptions { Name = "short" }).Connect(static () => { });
            }
        });

        for (int i = 0; i < 50; i++)
        {
            signal.Emit(i);
            Assert.That(seen, Is.InRange(1, 2));
        }

        isStopping.Set();
        worker.Join();
    }

    private static WeakReference[] MakeObjects()
    {
        var signal = new Signal<int>(new SignalOptions { Name = "forgotten" });
        var evaluator = new ConnectionEvaluator();
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        signal.ConnectDeferred(evaluator, receiver.Receive);
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        return [new WeakReference(signal), new WeakReference(evaluator), new WeakReference(receiver)];
    }

    private static class Maker
    {
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        internal static Signal<string, int> Make() => new();
    }

    private sealed class Hostile
    {
        public override string ToString() => throw new InvalidOperationException();

        public override int GetHashCode() => throw new InvalidOperationException();

        public override bool Equals(object? obj) => throw new InvalidOperationException();

        internal void Receive(Hostile other) => throw new InvalidOperationException(other.ToString() + ToString());
    }
}
