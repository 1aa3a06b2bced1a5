namespace Signals.Reactive;

/// <summary>Work item that an evaluator runs for a scheduler. Disposing it cancels the work.</summary>
internal abstract class ScheduledWork(TimedWork timed) : IDisposable
{
    /// <summary>
    /// Gets or sets the time at which the work is due, on the clock of <see cref="TimedWork"/>, which guards the property.
    /// </summary>
    internal TimeSpan Due { get; set; }

    /// <summary>
    /// Gets or sets the order among work that is due at the same time, or 0 if the work has never waited. Guarded like <see cref="Due"/>.
    /// </summary>
    internal long Sequence { get; set; }

    /// <summary>Gets the period after which the work is due again, or zero if it is due only once.</summary>
    internal virtual TimeSpan Period => TimeSpan.Zero;

    /// <summary>Runs the work, unless it has been canceled. Called by the evaluator.</summary>
    internal abstract void Run();

    /// <summary>Called before the work is queued because it is due.</summary>
    internal virtual void OnQueueing() { }

    /// <summary>Gets the number of times that the work may currently be queued.</summary>
    internal virtual int Room => 1;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Removes the work from the waiting work of the scheduler.</summary>
    protected void StopWaiting()
    {
        if (Sequence != 0)
        {
            timed.Remove(this);
        }
    }
}
