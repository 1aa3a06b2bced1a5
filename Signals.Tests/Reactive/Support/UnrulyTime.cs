namespace Signals.Tests.Reactive.Support;

/// <summary>A time whose timestamp a test sets, and whose timers call back when the test says so, or from inside the calls that set them. Thread-safe.</summary>
internal sealed class UnrulyTime : TimeProvider
{
    private long _timestamp;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The next timestamp.</summary>
    internal long Timestamp
    {
        get => Volatile.Read(ref _timestamp);
        set => Volatile.Write(ref _timestamp, value);
    }

    /// <summary>Runs as the timestamp is read.</summary>
    internal Action? OnRead { get; set; }

    /// <summary>Runs as a timer is made.</summary>
    internal Action? OnCreate { get; set; }

    /// <summary>Runs as the timer is set, with the time it is set to.</summary>
    internal Action<TimeSpan>? OnChange { get; set; }

    /// <summary>Runs as the timer is disposed.</summary>
    internal Action? OnDispose { get; set; }

    /// <summary>What the timer was set to last.</summary>
    internal TimeSpan Due { get; private set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Calls the timer's callback, or does nothing if there is no timer.</summary>
    internal Action Fire { get; private set; } = () => { };

    internal bool IsDisposed { get; private set; }

    public override long GetTimestamp()
    {
        OnRead?.Invoke();
        return Timestamp;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Fire = () => callback(state);
        OnCreate?.Invoke();
        return new UnrulyTimer(this);
    }

    private sealed class UnrulyTimer(UnrulyTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ObjectDisposedException.ThrowIf(time.IsDisposed, this);
            time.Due = dueTime;
            time.OnChange?.Invoke(dueTime);
            return true;
        }

        public void Dispose()
        {
            time.IsDisposed = true;
            time.OnDispose?.Invoke();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
