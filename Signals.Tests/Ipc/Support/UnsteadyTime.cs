namespace Signals.Tests.Ipc.Support;

/// <summary>A time provider whose time can jump, and whose timers can fail.</summary>
internal sealed class UnsteadyTime(TimeProvider inner) : TimeProvider
{
    /// <summary>Gets or sets the difference between this time and the inner one.</summary>
    internal TimeSpan Offset { get; set; }

    /// <summary>Gets or sets a value that indicates whether making and setting timers fails.</summary>
    internal bool IsBroken { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override long GetTimestamp() => inner.GetTimestamp() + (long)(Offset.TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfBroken();
        return new UnsteadyTimer(this, inner.CreateTimer(callback, state, dueTime, period));
    }

    private void ThrowIfBroken()
    {
        if (IsBroken)
        {
            throw new InvalidOperationException("The time is broken.");
        }
    }

    private sealed class UnsteadyTimer(UnsteadyTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.ThrowIfBroken();
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            timer.Dispose();
            time.ThrowIfBroken();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
