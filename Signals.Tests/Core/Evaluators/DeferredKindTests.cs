using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>Kinds of deferred connections other than the plain one: reflective, single-shot, latest value only.</summary>
[TestFixture]
public class DeferredKindTests
{
    [Test]
    public void E1_reflective_slot_gets_its_own_handle_and_the_arguments_for_every_arity()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal0 = new Signal();
        var signal1 = new Signal<int>();
        var signal2 = new Signal<int, string>();
        var signal3 = new Signal<int, string, double>();
        var signal4 = new Signal<int, string, double, char>();
        var seen = new List<(ConnectionHandle, object?)>();
        ConnectionHandle h0 = signal0.ConnectDeferredReflective(evaluator, self => seen.Add((self, null)));
        ConnectionHandle h1 = signal1.ConnectDeferredReflective(evaluator, (self, a) => seen.Add((self, a)));
        ConnectionHandle h2 = signal2.ConnectDeferredReflective(evaluator, (self, a, b) => seen.Add((self, (a, b))));
        ConnectionHandle h3 = signal3.ConnectDeferredReflective(evaluator, (self, a, b, c) => seen.Add((self, (a, b, c))));
        ConnectionHandle h4 = signal4.ConnectDeferredReflective(evaluator, (self, a, b, c, d) => seen.Add((self, (a, b, c, d))));

        signal0.Emit();
        signal1.Emit(1);
        signal2.Emit(2, "b");
        signal3.Emit(3, "c", 3.5);
        signal4.Emit(4, "d", 4.5, 'd');

        Assert.That(seen, Is.Empty);
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(5));
        Assert.That(
            seen,
            Is.EqualTo(new (ConnectionHandle, object?)[] { (h0, null), (h1, 1), (h2, (2, "b")), (h3, (3, "c", 3.5)), (h4, (4, "d", 4.5, 'd')) })
        );
        Assert.That(new[] { h0, h1, h2, h3, h4 }.All(handle => handle.IsActive), Is.True);
    }

    [Test]
    public void E3_reflective_slot_may_disconnect_itself()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        ConnectionHandle handle = signal.ConnectDeferredReflective(
            evaluator,
            (self, value) =>
            {
                self.Disconnect();
                seen.Add(value);
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([1]));
        Assert.That(handle.IsActive, Is.False);
    }

    [Test]
    public void Deferred_single_shot_queues_the_first_emission_only_for_every_arity()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal0 = new Signal();
        var signal1 = new Signal<int>();
        var signal2 = new Signal<int, string>();
        var signal3 = new Signal<int, string, double>();
        var signal4 = new Signal<int, string, double, char>();
        var seen = new List<object?>();
        signal0.ConnectDeferredSingleShot(evaluator, () => seen.Add(null));
        signal1.ConnectDeferredSingleShot(evaluator, a => seen.Add(a));
        signal2.ConnectDeferredSingleShot(evaluator, (a, b) => seen.Add((a, b)));
        signal3.ConnectDeferredSingleShot(evaluator, (a, b, c) => seen.Add((a, b, c)));
        signal4.ConnectDeferredSingleShot(evaluator, (a, b, c, d) => seen.Add((a, b, c, d)));

        for (int i = 1; i <= 2; i++)
        {
            signal0.Emit();
            signal1.Emit(i);
            signal2.Emit(i, "b");
            signal3.Emit(i, "c", 3.5);
            signal4.Emit(i, "d", 4.5, 'd');
        }

        Assert.That(evaluator.PendingCount, Is.EqualTo(5));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(5));
        Assert.That(seen, Is.EqualTo<object?>([null, 1, (1, "b"), (1, "c", 3.5), (1, "d", 4.5, 'd')]));
        Assert.That(new SignalBase[] { signal0, signal1, signal2, signal3, signal4 }.All(signal => signal.IsEmpty), Is.True);
    }

    [Test]
    public void Deferred_single_shot_stays_active_until_its_slot_is_about_to_run()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = default;
        bool? activeInside = null;
        handle = signal.ConnectDeferredSingleShot(evaluator, _ => activeInside = handle.IsActive);
        bool beforeEmission = handle.IsActive;
        signal.Emit(1);
        bool whileQueued = handle.IsActive;

        evaluator.EvaluateDeferredConnections();

        Assert.That((beforeEmission, whileQueued, activeInside, handle.IsActive), Is.EqualTo((true, true, (bool?)false, false)));
    }

    [Test]
    public void Deferred_single_shot_that_emits_its_signal_from_its_slot_is_not_queued_again()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int calls = 0;
        signal.ConnectDeferredSingleShot(
            evaluator,
            _ =>
            {
                calls++;
                signal.Emit(2);
            }
        );
        signal.Emit(1);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections(), calls), Is.EqualTo((0, 0, 1)));
    }

    [Test]
    public void Deferred_single_shot_is_canceled_by_disconnecting_before_it_runs()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int calls = 0;
        ConnectionHandle handle = signal.ConnectDeferredSingleShot(evaluator, _ => calls++);
        signal.Emit(1);

        handle.Disconnect();

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections(), calls), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Deferred_single_shot_that_throws_has_ended()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferredSingleShot(evaluator, _ => throw new InvalidOperationException("once"));
        signal.Emit(1);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.InvalidOperationException);
        Assert.That((handle.IsActive, signal.IsEmpty), Is.EqualTo((false, true)));
    }

    [Test]
    public void E9_latest_only_keeps_one_invocation_with_the_last_value_and_its_position()
    {
        using var evaluator = new ConnectionEvaluator();
        var position = new Signal<int>();
        var log = new Signal<int>();
        var seen = new List<string>();
        log.ConnectDeferred(evaluator, value => seen.Add($"log {value}"));
        position.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"position {value}"));

        log.Emit(1);
        position.Emit(1);
        log.Emit(2);
        position.Emit(2);
        position.Emit(3);

        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((3, 2L)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(3));
        Assert.That(seen, Is.EqualTo(["log 1", "position 3", "log 2"]));
    }

    [Test]
    public void E9_latest_only_queues_again_after_each_evaluation()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferredLatest(evaluator, seen.Add);

        for (int round = 0; round < 3; round++)
        {
            signal.Emit(10 * round);
            signal.Emit((10 * round) + 1);
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        }

        Assert.That(seen, Is.EqualTo([1, 11, 21]));
        Assert.That(evaluator.DroppedCount, Is.EqualTo(3));
    }

    [Test]
    public void E9_latest_only_does_not_replace_invocations_of_an_active_evaluation()
    {
        using var evaluator = new ConnectionEvaluator();
        var first = new Signal<int>();
        var latest = new Signal<int>();
        var seen = new List<int>();
        first.ConnectDeferred(
            evaluator,
            value =>
            {
                latest.Emit(2);
                latest.Emit(3);
            }
        );
        latest.ConnectDeferredLatest(evaluator, seen.Add);
        first.Emit(0);
        latest.Emit(1);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((1, 1L)));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo([1, 3]));
    }

    [Test]
    public void E9_latest_only_works_for_every_arity()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal0 = new Signal();
        var signal1 = new Signal<int>();
        var signal2 = new Signal<int, string>();
        var signal3 = new Signal<int, string, double>();
        var signal4 = new Signal<int, string, double, char>();
        var seen = new List<object?>();
        signal0.ConnectDeferredLatest(evaluator, () => seen.Add(null));
        signal1.ConnectDeferredLatest(evaluator, (int a) => seen.Add(a));
        signal2.ConnectDeferredLatest(evaluator, (a, b) => seen.Add((a, b)));
        signal3.ConnectDeferredLatest(evaluator, (a, b, c) => seen.Add((a, b, c)));
        signal4.ConnectDeferredLatest(evaluator, (a, b, c, d) => seen.Add((a, b, c, d)));

        for (int i = 1; i <= 2; i++)
        {
            signal0.Emit();
            signal1.Emit(i);
            signal2.Emit(i, "b");
            signal3.Emit(i, "c", 3.5);
            signal4.Emit(i, "d", 4.5, 'd');
        }

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(5));
        Assert.That(seen, Is.EqualTo<object?>([null, 2, (2, "b"), (2, "c", 3.5), (2, "d", 4.5, 'd')]));
        Assert.That(evaluator.DroppedCount, Is.EqualTo(5));
    }

    [Test]
    public void E9_each_latest_only_connection_keeps_its_own_value()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<string>();
        signal.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"a{value}"));
        ConnectionHandle second = signal.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"b{value}"));
        signal.Emit(1);
        second.Block(true);
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(seen, Is.EqualTo(["a2", "b1"]));
    }

    [Test]
    public void E3_disconnecting_a_latest_only_connection_dequeues_it_and_a_new_one_queues()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<string>();
        ConnectionHandle old = signal.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"old {value}"));
        signal.Emit(1);
        old.Disconnect();
        Assert.That(evaluator.PendingCount, Is.Zero);
        signal.ConnectDeferredLatest(evaluator, (int value) => seen.Add($"new {value}"));
        signal.Emit(2);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo(["new 2"]));
        Assert.That(evaluator.DroppedCount, Is.Zero);
    }

    [Test]
    public void Connecting_without_an_evaluator_or_a_slot_is_refused()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => signal.ConnectDeferred(null!, (int _) => { }), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator"));
            Assert.That(() => signal.ConnectDeferred(evaluator, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("slot"));
            Assert.That(() => signal.ConnectDeferredReflective(evaluator, null!), Throws.ArgumentNullException);
            Assert.That(() => signal.ConnectDeferredSingleShot(evaluator, null!), Throws.ArgumentNullException);
            Assert.That(() => signal.ConnectDeferredLatest(evaluator, null!), Throws.ArgumentNullException);
            Assert.That(signal.IsEmpty, Is.True);
        }
    }

    [Test]
    public void S12_connecting_deferred_to_a_disposed_signal_is_refused()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<Uri>();
        signal.Dispose();

        Assert.That(
            () => signal.ConnectDeferred(evaluator, (Uri _) => { }),
            Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo("Signal<Uri>")
        );
    }
}
