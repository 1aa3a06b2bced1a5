using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

/// <summary>Objects that have been disposed or have terminated are unreachable without any further call.</summary>
public sealed class ReactiveLeakTests
{
    private readonly FakeTime _time = new();
    private readonly Signal<int> _signal = new();
    private readonly Subject<int> _subject = new();
    private ConnectionEvaluator _evaluator = null!;
    private EvaluatorScheduler _scheduler = null!;

    [SetUp]
    public void Start()
    {
        _evaluator = new ConnectionEvaluator();
        _scheduler = _evaluator.ToScheduler(_time);
    }

    [TearDown]
    public void Stop() => _evaluator.Dispose();

    [OneTimeTearDown]
    public void End()
    {
        _signal.Dispose();
        _subject.Dispose();
    }

    [Test]
    public void S4_unsubscribed_pipelines_are_unreachable()
    {
        WeakReference[] captured =
        [
            Leave(observer => _signal.AsObservable().Where(_ => true).Subscribe(observer)),
            Leave(observer => _signal.AsObservable().ObserveOn(_evaluator).Subscribe(observer)),
            Leave(observer => _signal.AsObservable().SubscribeOn(_evaluator).Subscribe(observer)),
            Leave(observer => _signal.AsObservable().Throttle(TimeSpan.FromSeconds(1), _scheduler).Subscribe(observer)),
            Leave(observer => _signal.AsObservable().Delay(TimeSpan.FromSeconds(1), _scheduler).Subscribe(observer)),
            Leave(observer => _signal.AsSubject().Subscribe(observer)),
            Leave(observer => Observable.Interval(TimeSpan.FromSeconds(1), _scheduler).Select(_ => 1).Subscribe(observer)),
            Leave(observer =>
            {
                SubscribedSignal<int> owner = _subject.ToSignal();
                owner.Signal.Connect(observer.OnNext);
                return owner;
            }),
        ];
        Garbage.Collect();

        Assert.That(captured.Select(reference => reference.IsAlive), Is.All.False);
    }

    [Test]
    public void E8_objects_that_an_evaluator_held_are_unreachable_after_its_disposal()
    {
        WeakReference[] captured =
        [
            Hold(observer => _signal.AsObservable().ObserveOn(_evaluator).Subscribe(observer)),
            Hold(observer => _scheduler.Schedule(observer, TimeSpan.FromSeconds(1), (_, _) => Disposable.Empty)),
            Hold(observer => _scheduler.Schedule(observer, (_, _) => Disposable.Empty)),
            Hold(observer => _scheduler.SchedulePeriodic(observer, TimeSpan.FromSeconds(1), state => state)),
        ];
        _signal.Emit(1);
        _evaluator.Dispose();
        Garbage.Collect();

        Assert.That(captured.Select(reference => reference.IsAlive), Is.All.False);
        Assert.That(_time.Timers, Is.Zero);
    }

    [Test]
    public void R4_an_evaluator_keeps_none_of_its_schedulers_alive()
    {
        WeakReference scheduler = MakeScheduler();
        Garbage.Collect();

        Assert.That(scheduler.IsAlive, Is.False);
        GC.KeepAlive(_evaluator);
    }

    [Test]
    public void R4_canceled_work_releases_its_state_although_the_cancellation_is_kept()
    {
        (WeakReference state, IDisposable[] work) = ScheduleAndCancel();
        Garbage.Collect();

        Assert.That(state.IsAlive, Is.False);
        GC.KeepAlive(work);
    }

    [Test]
    public void R4_an_evaluator_keeps_alive_no_subscription_whose_source_has_gone()
    {
        WeakReference captured = Hold(observer => new Signal<int>().AsObservable().ObserveOn(_evaluator).Subscribe(observer));
        Garbage.Collect();

        Assert.That(captured.IsAlive, Is.False);
        GC.KeepAlive(_evaluator);
    }

    /// <summary>Subscribes an observer that references an object, passes a value to it, and unsubscribes it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Leave(Func<IObserver<int>, IDisposable> subscribe)
    {
        var captured = new object();
        IDisposable subscription = subscribe(Observer(captured));
        _signal.Emit(1);
        _subject.OnNext(1);
        subscription.Dispose();
        return new WeakReference(captured);
    }

    /// <summary>Subscribes an observer that references an object, and does not keep the subscription.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Hold(Func<IObserver<int>, IDisposable> subscribe)
    {
        var captured = new object();
        subscribe(Observer(captured));
        return new WeakReference(captured);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference MakeScheduler()
    {
        var scheduler = new EvaluatorScheduler(_evaluator, _time);
        scheduler.Schedule(0, (_, _) => Disposable.Empty);
        _evaluator.EvaluateDeferredConnections();
        return new WeakReference(scheduler);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference State, IDisposable[] Work) ScheduleAndCancel()
    {
        var state = new object();
        IDisposable[] work =
        [
            _scheduler.Schedule(state, (_, _) => Disposable.Empty),
            _scheduler.Schedule(state, TimeSpan.FromSeconds(1), (_, _) => Disposable.Empty),
            _scheduler.SchedulePeriodic(state, TimeSpan.FromSeconds(1), same => same),
            _scheduler.SchedulePeriodic(state, TimeSpan.Zero, same => same),
        ];
        Array.ForEach(work, one => one.Dispose());
        return (new WeakReference(state), work);
    }

    private static IObserver<int> Observer(object captured) => System.Reactive.Observer.Create<int>(_ => GC.KeepAlive(captured));
}
