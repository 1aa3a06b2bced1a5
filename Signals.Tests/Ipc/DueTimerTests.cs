using NUnit.Framework;
using Signals.Ipc.Threading;

namespace Signals.Tests.Ipc;

/// <summary>C10: one timer serves the time limits of all calls.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DueTimerTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly List<long> _calls = [];
    private readonly DueTimer _timer;

    private long _next = long.MaxValue;

    public DueTimerTests() =>
        _timer = new DueTimer(
            _time,
            () =>
            {
                _calls.Add(Seconds(_time.GetTimestamp()));
                return _next;
            }
        );

    public void Dispose() => _timer.Dispose();

    [Test]
    public void C10_the_earliest_of_several_times_is_kept()
    {
        long now = _time.GetTimestamp();
        long start = Seconds(now);
        _timer.Request(now + Ticks(5));
        _timer.Request(now + Ticks(3));
        _timer.Request(now + Ticks(9));
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(3)]));
        Assert.That(_time.Timers, Is.EqualTo(1));
        _next = now + Ticks(5);
        _time.Advance(TimeSpan.FromSeconds(3));
        _next = long.MaxValue;
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_calls.Select(second => second - start), Is.EqualTo((long[])[3, 5]));
    }

    [Test]
    public void C10_a_time_that_was_over_can_be_requested_again()
    {
        long due = _time.GetTimestamp() + Ticks(1);
        _timer.Request(due);
        _time.Advance(TimeSpan.FromSeconds(1));
        _timer.Request(due);
        _time.Advance(TimeSpan.Zero);
        Assert.That(_calls, Has.Count.EqualTo(2));
    }

    [Test]
    public void C10_a_disposed_timer_calls_back_no_more()
    {
        _timer.Request(_time.GetTimestamp() + Ticks(1));
        _timer.Dispose();
        _timer.Request(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That((_calls.Count, _time.Timers), Is.EqualTo((0, 0)));
    }

    [Test]
    public void C10_concurrent_requests_set_the_timer_for_the_earliest()
    {
        for (int round = 0; round < 200; round++)
        {
            var time = new FakeTime();
            using var timer = new DueTimer(time, () => long.MaxValue);
            long now = time.GetTimestamp();
            Worker.RunAll([.. Enumerable.Range(1, 3).Select(seconds => (Action)(() => timer.Request(now + Ticks(seconds))))]);
            Assert.That(time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(1)]));
        }
    }

    private long Seconds(long timestamp) => timestamp / _time.TimestampFrequency;

    private static long Ticks(int seconds) => TimeSpan.FromSeconds(seconds).Ticks;
}
