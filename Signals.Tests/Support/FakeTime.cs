using Microsoft.Extensions.Time.Testing;

namespace Signals.Tests.Support;

/// <summary>Time provider whose time passes when a test advances it. Shows which timers are set. Thread-safe.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly Lock _lock = new();
    private readonly List<ObservedTimer> _timers = [];

    public override long TimestampFrequency => _clock.TimestampFrequency;

    /// <summary>Gets the remaining times of the timers that are set, shortest first.</summary>
    internal TimeSpan[] Due
    {
        get
        {
            DateTimeOffset now = GetUtcNow();
            lock (_lock)
            {
                return [.. _timers.Where(timer => timer.DueAt is not null).Select(timer => timer.DueAt!.Value - now).Order()];
            }
        }
    }

    /// <summary>Gets the number of timers that are not disposed, set or not.</summary>
    internal int Timers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    public override long GetTimestamp() => _clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ObservedTimer(this, () => callback(state));
        lock (_lock)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the time from one due timer to the next, so that each callback sees the time for which its timer was set.</summary>
    internal void Advance(TimeSpan time)
    {
        DateTimeOffset end = GetUtcNow() + time;
        while (Due is [var next, ..] && GetUtcNow() + next < end)
        {
            _clock.Advance(next);
        }

        _clock.Advance(end - GetUtcNow());
    }

    private sealed class ObservedTimer : ITimer
    {
        private readonly FakeTime _time;
        private readonly Action _callback;
        private readonly ITimer _timer;

        /// <summary>Time between callbacks, or null if there is one callback only.</summary>
        private TimeSpan? _period;

        internal ObservedTimer(FakeTime time, Action callback)
        {
            _time = time;
            _callback = callback;
            _timer = time._clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        internal DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_time._lock)
            {
                _period = period == Timeout.InfiniteTimeSpan ? null : period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : _time.GetUtcNow() + dueTime;
            }

            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            lock (_time._lock)
            {
                _time._timers.Remove(this);
            }

            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Run()
        {
            lock (_time._lock)
            {
                DueAt += _period;
            }

            _callback();
        }
    }
}
