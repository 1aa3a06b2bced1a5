namespace Signals.Tests.Support;

/// <summary>
/// Time provider whose time passes when a test advances it. Shows which timers are set. Thread-safe; callbacks run on the thread that advances the time,
/// or that sets a timer which is due at once, outside the lock.
/// </summary>
/// <remarks>
/// FakeTimeProvider does not show its timers, and a copy of their state beside it cannot be exact: a timer may be changed by two threads at once. It
/// also returns from Advance while another thread still runs the callbacks.
/// </remarks>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Gets the remaining times of the timers that are set, shortest first.</summary>
    internal TimeSpan[] Due
    {
        get
        {
            lock (_lock)
            {
                return [.. _timers.Where(timer => timer.DueAt is not null).Select(timer => timer.DueAt!.Value - _now).Order()];
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

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
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
        while (TryTakeDue(end) is { } timer)
        {
            timer.Run();
        }
    }

    /// <summary>Returns the timer that is due first up to a time, or null, which is then the current time.</summary>
    private FakeTimer? TryTakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            FakeTimer? first = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
            DateTimeOffset next = first?.DueAt ?? end;
            _now = next > _now ? next : _now;
            first?.TakeDue();
            return first;
        }
    }

    private sealed class FakeTimer(FakeTime time, Action callback) : ITimer
    {
        /// <summary>Time between callbacks, or null if there is one callback only.</summary>
        private TimeSpan? _period;

        /// <summary>Gets the time of the next callback, or null if the timer is not set.</summary>
        internal DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                if (!time._timers.Contains(this))
                {
                    return false;
                }

                _period = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime;
            }

            // Runs the callback if it is due at once.
            time.Advance(TimeSpan.Zero);
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void TakeDue() => DueAt += _period;

        internal void Run() => callback();
    }
}
