using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Threading.Channels;
using NUnit.Framework;
using Signals.Reactive;
using Signals.Tests.Reactive.Support;

namespace Signals.Tests.Reactive;

/// <summary>Scheduled work with time providers that behave incorrectly or unusually.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnrulyTimeTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly UnrulyTime _time = new();
    private readonly List<string> _log = [];
    private ObservedEvaluator _evaluator;
    private EvaluatorScheduler _scheduler;

    public UnrulyTimeTests() => Start(new ConnectionEvaluatorOptions());

    public void Dispose() => _evaluator.Dispose();

    [Test]
    public void R4_S10_a_timer_that_calls_back_while_it_is_set_notifies_the_evaluator_outside_the_lock()
    {
        _time.OnChange = _ =>
        {
            _time.OnChange = null;
            _time.Timestamp += 5 * Second.Ticks;
            _time.Fire();
        };
        _evaluator.Added = () =>
        {
            _evaluator.Added = null;
            new Worker(() => Schedule("other", 1000 * Second)).Join();
            _log.Add("told");
        };
        Schedule("run", 5 * Second);
        _evaluator.EvaluateDeferredConnections();

        Assert.That(_log, Is.EqualTo(["told", "run"]));
    }

    [Test]
    public void R4_S10_the_time_provider_is_called_outside_the_lock()
    {
        int calls = 0;
        _time.OnRead = _time.OnCreate = _time.OnDispose = () => ScheduleElsewhere(default);
        _time.OnChange = ScheduleElsewhere;
        Schedule("run", Second);
        _time.Timestamp += 2000 * Second.Ticks;
        _time.Fire();
        _evaluator.EvaluateDeferredConnections();
        _evaluator.Dispose();

        Assert.That((_log.Contains("run"), _time.IsDisposed), Is.EqualTo((true, true)));
        Assert.That(calls, Is.GreaterThanOrEqualTo(5));

        void ScheduleElsewhere(TimeSpan due)
        {
            // Once for each call by the test itself.
            if (Thread.CurrentThread.Name != nameof(ScheduleElsewhere))
            {
                calls++;
                new Worker(() =>
                {
                    Thread.CurrentThread.Name = nameof(ScheduleElsewhere);
                    Schedule("other", 1000 * Second);
                }).Join();
            }
        }
    }

    [Test]
    public void R4_a_timer_that_always_calls_back_immediately_does_not_occupy_its_caller()
    {
        _time.OnChange = _ => _time.Fire();
        _time.OnCreate = _time.Fire;
        _time.OnDispose = _time.Fire;
        using var reached = new ManualResetEventSlim();
        var scheduling = new Worker(() => _scheduler.SchedulePeriodic(Second, () => reached.Set()));
        scheduling.Join();
        _evaluator.EvaluateDeferredConnections();
        Bounded.Wait(reached, "the first period");
        _evaluator.Dispose();
        Bounded.Until(() => _time.IsDisposed, "the timer's end");
    }

    [Test]
    public void R4_a_timestamp_that_goes_back_counts_as_no_time()
    {
        _time.Timestamp = -10_000 * Second.Ticks;
        Schedule("second", Second);
        Schedule("never", TimeSpan.MaxValue);
        _time.Timestamp += Second.Ticks / 2;
        _time.Timestamp = -20_000 * Second.Ticks;
        FireAndRun();
        Assert.That(_log, Is.Empty);
        Assert.That(_time.Due, Is.EqualTo(Second));

        _time.Timestamp += Second.Ticks / 2;
        FireAndRun();
        Assert.That(_log, Is.Empty);
        Assert.That(_time.Due, Is.EqualTo(Second / 2));

        _time.Timestamp += Second.Ticks / 2;
        FireAndRun();
        Assert.That(_log, Is.EqualTo(["second"]));
    }

    [Test]
    public void R4_the_stopwatch_never_goes_back()
    {
        IStopwatch stopwatch = _scheduler.StartStopwatch();
        _time.Timestamp += Second.Ticks;
        Assert.That(stopwatch.Elapsed, Is.EqualTo(Second));
        _time.Timestamp = long.MinValue;
        Assert.That(stopwatch.Elapsed, Is.EqualTo(Second));
        _time.Timestamp += Second.Ticks;
        Assert.That(stopwatch.Elapsed, Is.EqualTo(2 * Second));
        _time.Timestamp = long.MaxValue;
        Assert.That(stopwatch.Elapsed, Is.EqualTo(TimeSpan.MaxValue));
    }

    [Test]
    public void R4_a_timestamp_that_jumps_ahead_runs_due_work_without_a_flood()
    {
        int ticks = 0;
        using IDisposable periodic = _scheduler.SchedulePeriodic(
            Second,
            () =>
            {
                ticks++;
            }
        );
        Schedule("run", 3 * Second);
        Schedule("never", TimeSpan.MaxValue);
        _time.Timestamp = long.MaxValue;
        FireAndRun();

        Assert.That(_log, Is.EqualTo(["run"]));
        Assert.That(ticks, Is.LessThanOrEqualTo(EvaluatorScheduler.MaxLatePeriods));
    }

    [Test]
    public void R4_a_timer_that_is_early_is_set_again_and_finally_trusted()
    {
        Schedule("run", 10 * Second);
        _time.Timestamp += Second.Ticks;
        FireAndRun();
        Assert.That((_log.Count, _time.Due), Is.EqualTo((0, 9 * Second)));

        // From here on, the timestamp does not change: work that relied on it would never run.
        int fired = 0;
        while (_log.Count == 0 && fired < 100)
        {
            fired++;
            FireAndRun();
        }

        Assert.That(_log, Is.EqualTo(["run"]));
        Assert.That(fired, Is.InRange(2, 20));
    }

    [Test]
    public void R4_a_timer_that_was_set_for_other_work_runs_none_early()
    {
        Schedule("run", 3600 * Second);
        for (int i = 0; i < 100; i++)
        {
            IDisposable sooner = Schedule("sooner", Second);
            sooner.Dispose();
            FireAndRun();
        }

        Assert.That(_log, Is.Empty);
        Assert.That(_time.Due, Is.EqualTo(3600 * Second));
    }

    [Test]
    public void R4_a_time_provider_that_throws_leaves_no_waiting_work()
    {
        var expected = new InvalidOperationException("timer");
        _time.OnCreate = () => throw expected;
        Assert.That(() => Schedule("refused", Second), Throws.Exception.SameAs(expected));
        _time.OnCreate = null;
        Schedule("run", 2 * Second);
        _time.Timestamp += 2 * Second.Ticks;
        FireAndRun();

        Assert.That(_log, Is.EqualTo(["run"]));
    }

    [Test]
    public void R4_exception_of_the_evaluator_when_work_is_queued_does_not_delay_other_work()
    {
        var expected = new InvalidOperationException("added");
        Schedule("first", Second);
        Schedule("second", Second);
        Schedule("third", 2 * Second);
        _time.Timestamp += Second.Ticks;
        _evaluator.Added = () => throw expected;

        Assert.That(Thrown.By(Assert.Catch(() => _time.Fire())), Is.EqualTo<Exception>([expected, expected]));
        _evaluator.Added = null;
        _evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["first", "second"]));
        Assert.That(_time.Due, Is.EqualTo(Second));
    }

    [Test]
    public void R4_E8_an_evaluator_that_is_disposed_while_the_timer_is_set_disposes_the_timer()
    {
        _time.OnChange = _ => _evaluator.Dispose();

        Assert.That(() => Schedule("no", Second), Throws.Nothing);
        Assert.That(_time.IsDisposed, Is.True);
        Assert.That(() => _time.Fire(), Throws.Nothing);
    }

    [Test]
    public void R4_number_of_queued_runs_of_periodic_work_is_bounded()
    {
        int runs = 0;
        using IDisposable work = _scheduler.SchedulePeriodic(
            Second,
            () =>
            {
                runs++;
            }
        );
        for (int i = 0; i < 1_000; i++)
        {
            _time.Timestamp += Second.Ticks;
            _time.Fire();
        }

        Assert.That(_evaluator.PendingCount, Is.EqualTo(EvaluatorScheduler.MaxLatePeriods));
        _evaluator.EvaluateDeferredConnections();
        Assert.That(runs, Is.EqualTo(EvaluatorScheduler.MaxLatePeriods));

        // Aligned with the periods, as before.
        Assert.That(_time.Due, Is.EqualTo(Second));
        _time.Timestamp += Second.Ticks;
        FireAndRun();
        Assert.That(runs, Is.EqualTo(EvaluatorScheduler.MaxLatePeriods + 1));
    }

    [Test]
    public void R4_a_period_shorter_than_its_queueing_does_not_occupy_the_timers_callback()
    {
        using IDisposable work = _scheduler.SchedulePeriodic(TimeSpan.FromTicks(1), () => { });
        _time.Timestamp += 1;
        _time.OnRead = () => _time.Timestamp += 1_000;
        _evaluator.Added = () => _evaluator.EvaluateDeferredConnections();
        var timer = new Worker(() => _time.Fire());
        timer.Join();

        Assert.That(_evaluator.PendingCount, Is.LessThanOrEqualTo(EvaluatorScheduler.MaxLatePeriods));
    }

    [TestCase(BoundedChannelFullMode.DropWrite)]
    [TestCase(BoundedChannelFullMode.DropNewest)]
    [TestCase(BoundedChannelFullMode.DropOldest)]
    public void R4_E9_periodic_work_continues_when_the_evaluator_has_dropped_it(BoundedChannelFullMode mode)
    {
        Dispose();
        Start(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = mode });
        int runs = 0;
        using IDisposable work = _scheduler.SchedulePeriodic(
            Second,
            () =>
            {
                runs++;
            }
        );
        for (int i = 0; i < 10 * EvaluatorScheduler.MaxLatePeriods; i++)
        {
            _time.Timestamp += Second.Ticks;
            _time.Fire();
        }

        _evaluator.EvaluateDeferredConnections();
        Assert.That(runs, Is.EqualTo(1));
        _time.Timestamp += Second.Ticks;
        FireAndRun();
        Assert.That(runs, Is.EqualTo(2));
    }

    [MemberNotNull(nameof(_evaluator), nameof(_scheduler))]
    private void Start(ConnectionEvaluatorOptions options)
    {
        _evaluator = new ObservedEvaluator(options);
        _scheduler = new EvaluatorScheduler(_evaluator, _time);
    }

    private void FireAndRun()
    {
        _time.Fire();
        _evaluator.EvaluateDeferredConnections();
    }

    private IDisposable Schedule(string name, TimeSpan due) =>
        _scheduler.Schedule(
            name,
            due,
            (_, entry) =>
            {
                _log.Add(entry);
                return Disposable.Empty;
            }
        );
}
