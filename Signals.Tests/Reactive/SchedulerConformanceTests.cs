using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using NUnit.Framework;
using Signals.Reactive;
using Signals.Tests.Reactive.Support;

namespace Signals.Tests.Reactive;

/// <summary>Rx's rules for schedulers, with every kind of evaluator.</summary>
[TestFixtureSource(typeof(SchedulerRig), nameof(SchedulerRig.All))]
internal sealed class SchedulerConformanceTests(SchedulerRig.Kind kind)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<string> _log = [];
    private SchedulerRig _rig = null!;

    private EvaluatorScheduler Scheduler => _rig.Scheduler;

    [SetUp]
    public void Start()
    {
        _log.Clear();
        _rig = kind.Start();
    }

    [TearDown]
    public void Stop() => _rig.Dispose();

    [Test]
    public void R4_immediate_work_runs_in_the_order_in_which_it_was_scheduled()
    {
        for (int i = 0; i < 100; i++)
        {
            Scheduler.Schedule(i, (_, number) => Log($"{number}"));
        }

        _rig.Run();

        Assert.That(_log, Is.EqualTo(Enumerable.Range(0, 100).Select(i => $"{i}")));
    }

    [Test]
    public void R4_work_never_runs_inside_the_call_that_schedules_it()
    {
        using var isScheduling = new ThreadLocal<bool>();
        bool ranInside = false;
        isScheduling.Value = true;
        foreach (TimeSpan due in new[] { TimeSpan.Zero, -Second })
        {
            Scheduler.Schedule(0, due, (_, _) => Run());
        }

        Scheduler.Schedule(0, (_, _) => Run());
        isScheduling.Value = false;
        _rig.Run();

        Assert.That((_log.Count, ranInside), Is.EqualTo((3, false)));

        IDisposable Run()
        {
            ranInside |= isScheduling.Value;
            return Log("run");
        }
    }

    [Test]
    public void R4_state_and_scheduler_are_passed_to_the_work()
    {
        var states = new List<object>();
        var schedulers = new List<IScheduler>();
        var state = new object();
        Scheduler.Schedule(state, Keep);
        Scheduler.Schedule(state, Second, Keep);
        Scheduler.Schedule(state, Scheduler.Now + Second, Keep);
        _rig.Advance(1);

        Assert.That(states, Is.EqualTo(Enumerable.Repeat(state, 3)));
        Assert.That(schedulers, Is.EqualTo(Enumerable.Repeat(Scheduler, 3)));

        IDisposable Keep(IScheduler scheduler, object passed)
        {
            states.Add(passed);
            schedulers.Add(scheduler);
            return Disposable.Empty;
        }
    }

    [Test]
    public void R4_times_that_are_zero_or_negative_or_past_are_now()
    {
        Schedule("first");
        Schedule("zero", TimeSpan.Zero);
        Schedule("negative", -Second);
        Schedule("least", TimeSpan.MinValue);
        ScheduleAt("now", Scheduler.Now);
        ScheduleAt("past", Scheduler.Now - Second);
        ScheduleAt("long past", DateTimeOffset.MinValue);
        Schedule("last");
        _rig.Run();

        Assert.That(_log, Is.EqualTo(["first", "zero", "negative", "least", "now", "past", "long past", "last"]));
    }

    [Test]
    public void R4_relative_work_runs_when_its_time_has_passed_and_not_before()
    {
        Schedule("run", Second);
        _rig.Advance(0.999);
        Assert.That(_log, Is.Empty);
        _rig.Advance(0.001);
        Assert.That(_log, Is.EqualTo(["run"]));
        _rig.Advance(10);
        Assert.That(_log, Is.EqualTo(["run"]));
    }

    [Test]
    public void R4_absolute_work_runs_at_its_time_and_not_before()
    {
        ScheduleAt("run", Scheduler.Now + Second);
        _rig.Advance(0.999);
        Assert.That(_log, Is.Empty);
        _rig.Advance(0.001);
        Assert.That(_log, Is.EqualTo(["run"]));
    }

    [Test]
    public void R4_times_finer_than_a_millisecond_are_kept()
    {
        Schedule("run", TimeSpan.FromTicks(15_001));
        _rig.Time.Advance(TimeSpan.FromTicks(15_000));
        _rig.Run();
        Assert.That(_log, Is.Empty);
        _rig.Time.Advance(TimeSpan.FromTicks(1));
        _rig.Run();
        Assert.That(_log, Is.EqualTo(["run"]));
    }

    [Test]
    public void R4_timed_work_runs_in_the_order_of_its_times()
    {
        Schedule("3", 3 * Second);
        Schedule("1", Second);
        ScheduleAt("2", Scheduler.Now + (2 * Second));
        Schedule("0");
        _rig.Advance(5);

        Assert.That(_log, Is.EqualTo(["0", "1", "2", "3"]));
    }

    [Test]
    public void R4_work_that_is_due_at_one_time_runs_in_the_order_in_which_it_was_scheduled()
    {
        for (int i = 0; i < 50; i += 2)
        {
            Schedule($"{i}", Second);
            ScheduleAt($"{i + 1}", Scheduler.Now + Second);
        }

        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(Enumerable.Range(0, 50).Select(i => $"{i}")));
    }

    [Test]
    public void R4_work_scheduled_later_for_the_same_time_runs_later()
    {
        Schedule("first", 2 * Second);
        _rig.Advance(1);
        Schedule("second", Second);
        ScheduleAt("third", Scheduler.Now + Second);
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["first", "second", "third"]));
    }

    [Test]
    public void R4_work_may_wait_longer_than_any_timer()
    {
        Schedule("run", TimeSpan.FromDays(400));
        Schedule("never", TimeSpan.MaxValue);
        ScheduleAt("never", DateTimeOffset.MaxValue);
        _rig.Advance(TimeSpan.FromDays(400).TotalSeconds - 1);
        Assert.That(_log, Is.Empty);
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["run"]));
    }

    [Test]
    public void R4_canceled_immediate_work_does_not_run()
    {
        var queued = new Signal();
        using var go = new ManualResetEventSlim();
        IDisposable? cancelled = null;
        queued.ConnectDeferred(
            _rig.Evaluator,
            () =>
            {
                go.Wait(Bounded.Limit);
                cancelled!.Dispose();
            }
        );
        queued.Emit();
        cancelled = Schedule("cancelled");
        Schedule("other");
        go.Set();
        _rig.Run();
        cancelled.Dispose();

        Assert.That(_log, Is.EqualTo(["other"]));
    }

    [Test]
    public void R4_canceled_timed_work_does_not_run_and_leaves_no_timer_set()
    {
        IDisposable first = Schedule("first", Second);
        IDisposable second = Schedule("second", 2 * Second);
        Schedule("third", 3 * Second);
        first.Dispose();
        first.Dispose();
        _rig.Advance(3);
        Assert.That(_log, Is.EqualTo(["second", "third"]));

        second.Dispose();
        Schedule("fourth", Second).Dispose();
        Assert.That(_rig.Time.Due, Is.Empty);
        _rig.Advance(2);
        Assert.That(_log, Has.Count.EqualTo(2));
    }

    [Test]
    public void R4_canceling_one_of_those_due_at_one_time_leaves_the_others()
    {
        IDisposable[] work = [.. Enumerable.Range(0, 10).Select(i => Schedule($"{i}", Second))];
        work[0].Dispose();
        work[4].Dispose();
        work[9].Dispose();
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["1", "2", "3", "5", "6", "7", "8"]));
    }

    [Test]
    public void R4_work_canceled_after_its_due_time_but_before_its_run_does_not_run()
    {
        IDisposable? cancelled = null;
        Scheduler.Schedule(
            0,
            Second,
            (_, _) =>
            {
                cancelled!.Dispose();
                return Log("canceller");
            }
        );
        cancelled = Schedule("cancelled", Second);
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["canceller"]));
    }

    [Test]
    public void R4_canceling_work_that_has_run_disposes_its_result_once()
    {
        IDisposable work = Scheduler.Schedule(0, (_, _) => Disposable.Create(() => Log("disposed")));
        _rig.Run();
        Assert.That(_log, Is.Empty);

        work.Dispose();
        work.Dispose();

        Assert.That(_log, Is.EqualTo(["disposed"]));
    }

    [Test]
    public void R4_canceling_work_while_it_runs_disposes_its_result()
    {
        var itself = new SingleAssignmentDisposable();
        itself.Disposable = Scheduler.Schedule(
            0,
            Second,
            (_, _) =>
            {
                itself.Dispose();
                Log("still running");
                return Disposable.Create(() => Log("disposed"));
            }
        );
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["still running", "disposed"]));
    }

    [Test]
    public void R4_work_that_returns_nothing_is_tolerated()
    {
        IDisposable work = Scheduler.Schedule(
            0,
            (_, _) =>
            {
                Log("run");
                return null!;
            }
        );
        _rig.Run();

        Assert.That(work.Dispose, Throws.Nothing);
        Assert.That((_log.Count, _rig.Thrown.Length), Is.EqualTo((1, 0)));
    }

    [Test]
    public void R4_work_scheduled_by_work_runs_after_it_in_order()
    {
        Scheduler.Schedule(
            0,
            (scheduler, _) =>
            {
                scheduler.Schedule("inner", (_, name) => Log(name));
                scheduler.Schedule("timed", -Second, (_, name) => Log(name));
                return Log("outer");
            }
        );
        _rig.Run();

        Assert.That(_log, Is.EqualTo(["outer", "inner", "timed"]));
    }

    [Test]
    public void R4_canceling_work_cancels_the_work_that_it_scheduled_and_returned()
    {
        IDisposable work = Scheduler.Schedule(0, (scheduler, _) => scheduler.Schedule("inner", Second, (_, name) => Log(name)));
        _rig.Run();
        work.Dispose();
        _rig.Advance(2);

        Assert.That(_log, Is.Empty);
        Assert.That(_rig.Time.Due, Is.Empty);
    }

    [Test]
    public void R4_recursive_work_continues_until_it_is_canceled()
    {
        int runs = 0;
        var work = new SingleAssignmentDisposable();
        work.Disposable = Scheduler.Schedule(
            Second,
            again =>
            {
                runs++;
                again(Second);
            }
        );
        _rig.Advance(1);
        _rig.Advance(1);
        _rig.Advance(1);
        work.Dispose();
        _rig.Advance(1);

        Assert.That(runs, Is.EqualTo(3));
        Assert.That(_rig.Time.Due, Is.Empty);
    }

    [Test]
    public void R4_E5_work_that_throws_does_not_prevent_other_work_and_the_evaluation_throws()
    {
        var immediate = new InvalidOperationException("immediate");
        var timed = new InvalidOperationException("timed");
        Scheduler.Schedule(0, (_, _) => throw immediate);
        Schedule("after");
        _rig.Run();
        Assert.That(_rig.Thrown, Is.EqualTo<Exception>([immediate]));

        Scheduler.Schedule(0, Second, (_, _) => throw timed);
        Schedule("at the same time", Second);
        _rig.Advance(1);
        Assert.That(_rig.Thrown, Is.EqualTo<Exception>([immediate, timed]));
        Assert.That(_log, Is.EqualTo(["after", "at the same time"]));
    }

    [Test]
    public void R4_E4_no_two_actions_run_at_the_same_time()
    {
        const int each = 200;
        int running = 0;
        int overlaps = 0;
        int runs = 0;
        Worker.RunAll([.. Enumerable.Range(0, 3).Select(_ => (Action)ScheduleMany)]);
        _rig.Run();

        Assert.That((runs, overlaps), Is.EqualTo((3 * each, 0)));

        void ScheduleMany()
        {
            for (int i = 0; i < each; i++)
            {
                Scheduler.Schedule(
                    0,
                    (_, _) =>
                    {
                        overlaps += Interlocked.Increment(ref running) - 1;
                        runs++;
                        Interlocked.Decrement(ref running);
                        return Disposable.Empty;
                    }
                );
            }
        }
    }

    [Test]
    public void R4_Now_and_the_stopwatch_use_the_time_provider()
    {
        IStopwatch stopwatch = ((IScheduler)Scheduler).StartStopwatch();
        DateTimeOffset before = Scheduler.Now;
        _rig.Advance(5);

        Assert.That((Scheduler.Now - before, stopwatch.Elapsed), Is.EqualTo((5 * Second, 5 * Second)));
        Assert.That(Scheduler.Now, Is.EqualTo(_rig.Time.GetUtcNow()));
    }

    [Test]
    public void R4_periodic_work_runs_after_each_period_with_the_state_that_it_returned()
    {
        using IDisposable work = Scheduler.SchedulePeriodic(
            1,
            Second,
            number =>
            {
                Log($"{number}");
                return number * 2;
            }
        );
        _rig.Advance(0.5);
        Assert.That(_log, Is.Empty);
        _rig.Advance(0.5);
        _rig.Advance(1);
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["1", "2", "4"]));
    }

    [Test]
    public void R4_periodic_work_catches_up_on_missed_periods()
    {
        using IDisposable work = Scheduler.SchedulePeriodic(
            1,
            Second,
            number =>
            {
                Log($"{number}");
                return number + 1;
            }
        );
        Schedule("between", 1.5 * Second);
        _rig.Advance(3.5);
        Assert.That(_log, Is.EqualTo(["1", "between", "2", "3"]));

        // The periods are relative to the start, and not to the time at which the work ran.
        _rig.Advance(0.5);
        Assert.That(_log, Has.Count.EqualTo(5));
    }

    [Test]
    public void R4_periodic_work_ends_when_it_is_canceled_even_from_inside()
    {
        IDisposable outside = Scheduler.SchedulePeriodic(
            0,
            Second,
            number =>
            {
                Log("outside");
                return number;
            }
        );
        var inside = new SingleAssignmentDisposable();
        inside.Disposable = Scheduler.SchedulePeriodic(
            0,
            Second,
            number =>
            {
                inside.Dispose();
                Log("inside");
                return number;
            }
        );
        _rig.Advance(1);
        outside.Dispose();
        outside.Dispose();
        _rig.Advance(5);

        Assert.That(_log, Is.EqualTo(["outside", "inside"]));
        Assert.That(_rig.Time.Due, Is.Empty);
    }

    [Test]
    public void R4_periodic_work_that_is_queued_already_does_not_run_once_it_is_canceled()
    {
        IDisposable? work = null;
        Scheduler.Schedule(
            0,
            3 * Second,
            (_, _) =>
            {
                work!.Dispose();
                return Log("cancelled");
            }
        );
        work = Scheduler.SchedulePeriodic(
            Second,
            Second,
            _ =>
            {
                Log("tick");
            }
        );
        _rig.Advance(5);

        Assert.That(_log, Is.EqualTo(["tick", "tick", "cancelled"]));
    }

    [Test]
    public void R4_periodic_work_that_throws_continues_with_the_state_that_it_had()
    {
        var expected = new InvalidOperationException("tick");
        using IDisposable work = Scheduler.SchedulePeriodic(
            1,
            Second,
            number =>
            {
                Log($"{number}");
                return _log.Count == 2 ? throw expected : number + 1;
            }
        );
        _rig.Advance(1);
        _rig.Advance(1);
        _rig.Advance(1);

        Assert.That(_log, Is.EqualTo(["1", "2", "2"]));
        Assert.That(_rig.Thrown, Is.EqualTo<Exception>([expected]));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void R4_periodic_work_without_a_period_is_queued_again_whenever_it_has_run(int seconds)
    {
        var work = new SingleAssignmentDisposable();
        work.Disposable = Scheduler.SchedulePeriodic(
            1,
            seconds * Second,
            number =>
            {
                Log($"{number}");
                if (number == 5)
                {
                    work.Dispose();
                }

                return number + 1;
            }
        );
        _rig.Run();

        Assert.That(_log, Is.EqualTo(["1", "2", "3", "4", "5"]));
    }

    [Test]
    public void R4_rx_finds_the_schedulers_periodic_work()
    {
        var values = new List<long>();
        using (Observable.Interval(Second, Scheduler).Subscribe(values.Add))
        {
            _rig.Advance(3);
        }

        Assert.That(values, Is.EqualTo([0L, 1L, 2L]), "Rx's own substitute would have missed periods");
        Assert.That(Scheduler.AsPeriodic(), Is.SameAs(Scheduler));
        Assert.That(Scheduler.AsStopwatchProvider(), Is.SameAs(Scheduler));
        Assert.That(Scheduler.AsLongRunning(), Is.Null, "an evaluator is not suitable for endless work");
    }

    [Test]
    public void R4_E8_scheduling_on_a_disposed_evaluator_does_nothing()
    {
        _rig.Evaluator.Dispose();

        Schedule("no").Dispose();
        Schedule("no", Second).Dispose();
        ScheduleAt("no", Scheduler.Now + Second).Dispose();
        Scheduler.SchedulePeriodic(0, Second, state => state + _log.Count).Dispose();
        Scheduler.SchedulePeriodic(0, TimeSpan.Zero, state => state + _log.Count).Dispose();
        _rig.Time.Advance(10 * Second);

        Assert.That((_log.Count, _rig.Thrown.Length, _rig.Time.Timers), Is.EqualTo((0, 0, 0)));
        Assert.That(() => _rig.Evaluator.ToScheduler(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void R4_E8_disposing_the_evaluator_drops_all_work_and_its_timer()
    {
        IDisposable timed = Schedule("timed", Second);
        IDisposable periodic = Scheduler.SchedulePeriodic(0, Second, state => state);
        Assert.That(_rig.Time.Timers, Is.EqualTo(1), "one timer serves all");

        _rig.Evaluator.Dispose();
        _rig.Time.Advance(10 * Second);

        Assert.That(_log, Is.Empty);
        Assert.That(_rig.Time.Timers, Is.Zero);
        Assert.That(timed.Dispose, Throws.Nothing);
        Assert.That(periodic.Dispose, Throws.Nothing);
    }

    [Test]
    public void R4_null_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Scheduler.Schedule(0, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("action"));
            Assert.That(() => Scheduler.Schedule(0, Second, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("action"));
            Assert.That(() => Scheduler.Schedule(0, Scheduler.Now, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("action"));
            Assert.That(
                () => Scheduler.SchedulePeriodic<int>(0, Second, null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("action")
            );
            Assert.That(() => new EvaluatorScheduler(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator"));
        }
    }

    private IDisposable Log(string entry)
    {
        _log.Add(entry);
        return Disposable.Empty;
    }

    private IDisposable Schedule(string name) => Scheduler.Schedule(name, (_, entry) => Log(entry));

    private IDisposable Schedule(string name, TimeSpan due) => Scheduler.Schedule(name, due, (_, entry) => Log(entry));

    private IDisposable ScheduleAt(string name, DateTimeOffset due) => Scheduler.Schedule(name, due, (_, entry) => Log(entry));
}
