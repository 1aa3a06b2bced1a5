namespace Signals.Reactive;

/// <summary>Something that an evaluator runs for a scheduler. Disposing it cancels it.</summary>
internal abstract class ScheduledWork(TimedWork timed) : IDisposable
{
    /// <summary>After which time it is due, by the clock of <see cref="TimedWork"/>, which guards it.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>Its place among work that is due at the same time; 0 if it never had to wait. Guarded as <see cref="Due"/> is.</summary>
    internal long Sequence { get; set; }

    /// <summary>After which time it is due again, or zero if it is not.</summary>
    internal virtual TimeSpan Period => TimeSpan.Zero;

    /// <summary>Runs it on the evaluator, unless it has been cancelled.</summary>
    internal abstract void Run();

    /// <summary>Notes that it is about to be queued because its time has come.</summary>
    internal virtual void OnQueueing() { }

    /// <summary>Number of times that it may be queued now.</summary>
    internal virtual int Room => 1;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Lets it wait no longer.</summary>
    protected void StopWaiting()
    {
        if (Sequence != 0)
        {
            timed.Remove(this);
        }
    }
}
