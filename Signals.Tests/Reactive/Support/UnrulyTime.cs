namespace Signals.Tests.Reactive.Support;

/// <summary>
/// Time provider whose timestamp a test sets, and whose timers call back when the test requests it or during the calls that set them.
/// Thread-safe.
/// </summary>
internal sealed class UnrulyTime : TimeProvider
{
    private long _timestamp;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Gets or sets the next timestamp.</summary>
    internal long Timestamp
    {
        get => Volatile.Read(ref _timestamp);
        set => Volatile.Write(ref _timestamp, value);
    }

    /// <summary>Gets or sets the action that runs when the timestamp is read.</summary>
    internal Action? OnRead { get; set; }

    /// <summary>Gets or sets the action that runs when a timer is created.</summary>
    internal Action? OnCreate { get; set; }

    /// <summary>Gets or sets the action that runs with the due time when the timer is set.</summary>
    internal Action<TimeSpan>? OnChange { get; set; }

    /// <summary>Gets or sets the action that runs when the timer is disposed.</summary>
    internal Action? OnDispose { get; set; }

    /// <summary>Gets the due time to which the timer was last set.</summary>
    internal TimeSpan Due { get; private set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Calls the timer's callback. Does nothing if there is no timer.</summary>
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
