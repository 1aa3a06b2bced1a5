using System.Reactive.Concurrency;
using System.Reactive.Linq;
using NUnit.Framework;
using Signals.Reactive;
using Signals.Tests.Reactive.Support;

namespace Signals.Tests.Reactive;

/// <summary>R1 to R4 with Rx's own operators instead of test observers.</summary>
public sealed class OperatorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void R1_signals_of_every_arity_drop_into_a_pipeline()
    {
        using var none = new Signal();
        using var one = new Signal<int>();
        using var two = new Signal<int, int>();
        using var three = new Signal<int, int, int>();
        using var four = new Signal<int, int, int, int>();
        var seen = new List<int>();
        using IDisposable subscription = Observable
            .Merge(
                none.AsObservable().Select(_ => 0),
                one.AsObservable(),
                two.AsObservable().Select(pair => pair.Item1 + pair.Item2),
                three.AsObservable().Select(triple => triple.Item1 + triple.Item2 + triple.Item3),
                four.AsObservable().Select(all => all.Item1 + all.Item2 + all.Item3 + all.Item4)
            )
            .Subscribe(seen.Add);
        none.Emit();
        one.Emit(1);
        two.Emit(1, 1);
        three.Emit(1, 1, 1);
        four.Emit(1, 1, 1, 1);

        Assert.That(seen, Is.EqualTo([0, 1, 2, 3, 4]));
    }

    [Test]
    public void R1_operators_that_unsubscribe_by_themselves_disconnect()
    {
        using var signal = new Signal<int>();
        var taken = new RecordingObserver<int>();
        signal.AsObservable().Take(2).Subscribe(taken);
        signal.Emit(1);
        signal.Emit(2);
        Assert.That(signal.IsEmpty, Is.True);
        signal.Emit(3);

        Assert.That(taken.Values, Is.EqualTo([1, 2]));
        Assert.That(taken.Completions, Is.EqualTo(1));
    }

    [Test]
    public void R2_disposing_the_signal_lets_operators_finish_their_work()
    {
        var signal = new Signal<int>();
        var buffers = new RecordingObserver<IList<int>>();
        var sums = new RecordingObserver<int>();
        var last = new RecordingObserver<int>();
        signal.AsObservable().Buffer(2).Subscribe(buffers);
        signal.AsObservable().Sum().Subscribe(sums);
        signal.AsObservable().Concat(Observable.Return(-1)).Subscribe(last);
        signal.Emit(1);
        signal.Emit(2);
        signal.Emit(3);
        signal.Dispose();

        Assert.That(
            buffers.Values,
            Is.EqualTo<IList<int>>([
                [1, 2],
                [3],
            ])
        );
        Assert.That(sums.Values, Is.EqualTo([6]));
        Assert.That(last.Values, Is.EqualTo([1, 2, 3, -1]));
        Assert.That((buffers.Completions, sums.Completions, last.Completions), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public void R1_S7_exception_of_an_observer_reaches_the_emitter_and_the_other_observers_receive_the_value()
    {
        using var signal = new Signal<int>();
        var expected = new InvalidOperationException("observer");
        var other = new RecordingObserver<int>();
        signal.AsObservable().Select(value => value).Subscribe(_ => throw expected);
        signal.AsObservable().Subscribe(other);

        Assert.That(() => signal.Emit(1), Throws.Exception.SameAs(expected));
        Assert.That(other.Values, Is.EqualTo([1]));
    }

    [Test]
    public void R1_an_operators_function_that_throws_is_an_error_of_the_pipeline_and_unsubscribes()
    {
        using var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        signal.AsObservable().Select(value => 1 / value).Subscribe(observer);
        Assert.That(() => signal.Emit(0), Throws.Nothing);

        Assert.That(observer.Errors.Single(), Is.TypeOf<DivideByZeroException>());
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void R3_a_pipeline_ends_in_a_signal()
    {
        using var celsius = new Signal<double>();
        using var fahrenheit = new Signal<double>();
        var seen = new List<double>();
        fahrenheit.Connect(seen.Add);
        using IDisposable subscription = celsius.AsObservable().DistinctUntilChanged().Select(degrees => (degrees * 9 / 5) + 32).ConnectTo(fahrenheit);
        celsius.Emit(0);
        celsius.Emit(0);
        celsius.Emit(100);

        Assert.That(seen, Is.EqualTo([32d, 212d]));
    }

    [Test]
    public void R3_an_error_of_a_pipeline_is_thrown_where_it_occurs_by_default()
    {
        using var signal = new Signal<int>();
        using var target = new Signal<int>();
        using IDisposable subscription = signal.AsObservable().Select(value => 1 / value).ConnectTo(target);

        Assert.That(() => signal.Emit(0), Throws.TypeOf<DivideByZeroException>());
    }

    [Test]
    public void R4_timed_operators_use_the_schedulers_time_and_deliver_on_the_evaluating_thread()
    {
        using SchedulerRig rig = SchedulerRig.ByHand.Start();
        using var signal = new Signal<int>();
        var throttled = new List<int>();
        var delayed = new List<int>();
        var buffered = new List<int>();
        var sampled = new List<int>();
        var timedOut = new RecordingObserver<int>();
        using IDisposable one = signal.AsObservable().Throttle(Second, rig.Scheduler).Subscribe(throttled.Add);
        using IDisposable two = signal.AsObservable().Delay(Second, rig.Scheduler).Subscribe(delayed.Add);
        using IDisposable three = signal.AsObservable().Buffer(3 * Second, rig.Scheduler).Subscribe(all => buffered.Add(all.Count));
        using IDisposable four = signal.AsObservable().Sample(2 * Second, rig.Scheduler).Subscribe(sampled.Add);
        using IDisposable five = signal.AsObservable().Timeout(3 * Second, rig.Scheduler).Subscribe(timedOut);
        signal.Emit(1);
        rig.Advance(0.5);
        signal.Emit(2);
        rig.Advance(0.5);
        Assert.That((throttled.Count, delayed.Single()), Is.EqualTo((0, 1)));
        rig.Advance(1);
        Assert.That((throttled.Single(), delayed.Count, sampled.Single()), Is.EqualTo((2, 2, 2)));
        rig.Advance(1);
        Assert.That(buffered, Is.EqualTo([2]));
        rig.Advance(2);

        Assert.That(timedOut.Errors.Single(), Is.TypeOf<TimeoutException>());
        Assert.That(rig.Thrown, Is.Empty);
    }

    [Test]
    public void R4_pipelines_leave_no_timer_behind()
    {
        using SchedulerRig rig = SchedulerRig.ByHand.Start();
        using var signal = new Signal<int>();
        IDisposable[] subscriptions =
        [
            signal.AsObservable().Throttle(Second, rig.Scheduler).Subscribe(_ => { }),
            signal.AsObservable().Delay(Second, rig.Scheduler).Subscribe(_ => { }),
            Observable.Interval(Second, rig.Scheduler).Subscribe(_ => { }),
            Observable.Timer(Second, Second, rig.Scheduler).Subscribe(_ => { }),
        ];
        signal.Emit(1);
        rig.Run();
        Assert.That(rig.Time.Due, Is.Not.Empty);

        Array.ForEach(subscriptions, subscription => subscription.Dispose());

        Assert.That(rig.Time.Due, Is.Empty);
    }

    [Test]
    public void R4_rxs_own_ObserveOn_takes_the_scheduler_too()
    {
        using SchedulerRig rig = SchedulerRig.ByHand.Start();
        using var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        using IDisposable subscription = signal.AsObservable().ObserveOn((IScheduler)rig.Scheduler).Subscribe(observer);
        signal.Emit(1);
        signal.Emit(2);
        signal.Dispose();
        Assert.That(observer.Values, Is.Empty);
        rig.Run();

        Assert.That(observer.Values, Is.EqualTo([1, 2]));
        Assert.That(observer.Completions, Is.EqualTo(1));
    }
}
