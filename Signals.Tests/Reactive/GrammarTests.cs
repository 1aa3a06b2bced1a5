using System.Reactive.Linq;
using NUnit.Framework;
using Signals.Reactive;
using Signals.Tests.Reactive.Support;

namespace Signals.Tests.Reactive;

/// <summary>
/// Rx's grammar (values, one termination, and no notification after it) while several threads emit, unsubscribe and dispose.
/// </summary>
public sealed class GrammarTests
{
    private const int Rounds = 100;
    private const int Emitters = 2;

    [Test]
    public void R2_synchronized_observers_receive_one_call_at_a_time_and_nothing_after_the_end()
    {
        int values = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var observer = new GrammarObserver();
            var signal = new Signal<int>();
            using IDisposable subscription = signal.AsObservable().Synchronize().Subscribe(observer);
            EmitWhileDisposing(signal);

            Assert.That((observer.Overlaps, observer.Late, observer.Ends), Is.EqualTo((0, 0, 1)), $"round {round}");
            values += observer.Values;
        }

        Assert.That(values, Is.Positive);
    }

    [Test]
    public void R2_R4_observers_on_an_evaluator_receive_one_call_at_a_time_and_nothing_after_the_end([Values] bool onPool)
    {
        for (int round = 0; round < Rounds; round++)
        {
            var observer = new GrammarObserver();
            var signal = new Signal<int>();
            using ConnectionEvaluator evaluator = onPool ? new ThreadPoolEvaluator() : new ThreadEvaluator();
            using IDisposable subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(observer);
            EmitWhileDisposing(signal);
            Bounded.Until(() => observer.Ends != 0 && evaluator.PendingCount == 0, "the completion");

            Assert.That((observer.Overlaps, observer.Late, observer.Ends), Is.EqualTo((0, 0, 1)), $"round {round}");
        }
    }

    [Test]
    public void R2_S3_observers_without_serialization_end_once_and_receive_at_most_one_late_value_of_each_thread()
    {
        for (int round = 0; round < Rounds; round++)
        {
            GrammarObserver[] observers = [new(), new(), new()];
            var signal = new Signal<int>();
            Array.ForEach(observers, observer => signal.AsObservable().Subscribe(observer));
            EmitWhileDisposing(signal);

            foreach (GrammarObserver observer in observers)
            {
                Assert.That((observer.Ends, observer.Late <= Emitters), Is.EqualTo((1, true)), $"round {round}: {observer.Late} late");
            }
        }
    }

    [Test]
    public void R2_with_real_operators_nothing_follows_the_end_even_with_concurrent_threads()
    {
        for (int round = 0; round < Rounds; round++)
        {
            var observer = new GrammarObserver();
            var signal = new Signal<int>();
            using IDisposable subscription = signal
                .AsObservable()
                .Synchronize()
                .Where(value => value % 2 == 0)
                .Select(value => value + 1)
                .DistinctUntilChanged()
                .Subscribe(observer);
            EmitWhileDisposing(signal);

            Assert.That((observer.Overlaps, observer.Late, observer.Ends), Is.EqualTo((0, 0, 1)), $"round {round}");
        }
    }

    [Test]
    public void R2_a_synchronized_observer_completes_after_the_value_of_another_thread()
    {
        var signal = new Signal<int>();
        using var inside = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var log = new List<string>();
        var observer = new RecordingObserver<int>
        {
            OnValue = _ =>
            {
                inside.Set();
                Bounded.Wait(go, "the test to continue");
                log.Add("value");
            },
            OnEnd = () => log.Add("end"),
        };
        using IDisposable subscription = signal.AsObservable().Synchronize().Subscribe(observer);
        var emitter = new Worker(() => signal.Emit(1));
        Bounded.Wait(inside, "the value");
        var disposer = new Worker(signal.Dispose);
        disposer.WaitUntilBlocked();
        go.Set();
        emitter.Join();
        disposer.Join();

        Assert.That(log, Is.EqualTo(["value", "end"]));
    }

    [Test]
    public void R2_S3_an_active_call_on_another_thread_completes_during_the_completion_and_is_the_last_one()
    {
        var signal = new Signal<int>();
        using var inside = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var observer = new RecordingObserver<int>
        {
            OnValue = _ =>
            {
                inside.Set();
                Bounded.Wait(go, "the test to continue");
            },
        };
        var other = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(observer);
        signal.AsObservable().Subscribe(other);
        var emitter = new Worker(() => signal.Emit(1));
        Bounded.Wait(inside, "the value");
        signal.Dispose();
        Assert.That((observer.Completions, other.Completions), Is.EqualTo((1, 1)), "disposal does not wait");
        go.Set();
        emitter.Join();
        signal.Emit(2);

        Assert.That((observer.Values.Count, other.Values.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void R2_subscribing_while_the_signal_is_disposed_completes_once_either_way()
    {
        for (int round = 0; round < Rounds; round++)
        {
            var signal = new Signal<int>();
            IObservable<int> observable = signal.AsObservable();
            GrammarObserver[] observers = [.. Enumerable.Range(0, 20).Select(_ => new GrammarObserver())];
            Worker.RunAll(() => Array.ForEach(observers, observer => observable.Subscribe(observer)), signal.Dispose);

            Assert.That(observers.Select(observer => observer.Ends), Is.All.EqualTo(1), $"round {round}");
        }
    }

    [Test]
    public void R1_unsubscribing_while_others_emit_and_dispose_ends_at_most_once()
    {
        for (int round = 0; round < Rounds; round++)
        {
            var signal = new Signal<int>();
            var observer = new GrammarObserver();
            IDisposable subscription = signal.AsObservable().Subscribe(observer);
            Worker.RunAll(() => Emit(signal), subscription.Dispose, subscription.Dispose, signal.Dispose);
            int values = observer.Values;
            signal.Emit(1);

            Assert.That((observer.Ends <= 1, observer.Values, signal.IsEmpty), Is.EqualTo((true, values, true)), $"round {round}");
        }
    }

    /// <summary>Emits on several threads, and disposes the signal on another thread at the same time.</summary>
    private static void EmitWhileDisposing(Signal<int> signal)
    {
        using var emitting = new ManualResetEventSlim();
        Worker.RunAll([.. Enumerable.Repeat(() => Emit(signal, emitting), Emitters), Dispose]);

        void Dispose()
        {
            Bounded.Wait(emitting, "an emission");
            signal.Dispose();
        }
    }

    private static void Emit(Signal<int> signal, ManualResetEventSlim? emitting = null)
    {
        for (int i = 0; i < 200; i++)
        {
            signal.Emit(i);
            emitting?.Set();
        }
    }
}
