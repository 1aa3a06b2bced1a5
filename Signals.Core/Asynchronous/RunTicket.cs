namespace Signals;

/// <summary>
/// The interest of an asynchronous emission in its run of one slot: completed when the run has ended, or when the emission has been skipped,
/// superseded or dropped. Guarded by the slot's lock, except where documented otherwise.
/// </summary>
internal sealed class RunTicket(IAsyncSlot slot)
{
    /// <summary>The ticket of the emission that the current thread passes to an asynchronous slot, or null.</summary>
    [ThreadStatic]
    private static RunTicket? s_offered;

    /// <summary>Completed when the run has ended, or null if no emission waits yet.</summary>
    private TaskCompletionSource? _ended;

    /// <summary>Gets a value that indicates whether the run has ended.</summary>
    internal bool IsEnded { get; private set; }

    /// <summary>Gets or sets a value that indicates whether the token of the emission has been canceled.</summary>
    internal bool IsCancelRequested { get; set; }

    /// <summary>Gets or sets the exception that no handler has received, or null. Read after the run has ended.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>Gets or sets the task that completes when the queue has room for the emission, or null if it does not wait for room.</summary>
    internal Task? Room { get; set; }

    /// <summary>Gets or sets the next ticket in a list of those to complete.</summary>
    internal RunTicket? Next { get; set; }

    /// <summary>Offers the ticket to the asynchronous slot that the current thread calls next.</summary>
    internal static void Offer(RunTicket ticket) => s_offered = ticket;

    /// <summary>Takes the ticket that was offered on the current thread, if any.</summary>
    internal static RunTicket? Take()
    {
        RunTicket? offered = s_offered;
        if (offered is not null)
        {
            s_offered = null;
        }

        return offered;
    }

    /// <summary>Returns the task that completes when the run has ended, or null if it has ended. Called while no lock is held.</summary>
    internal Task? WaitForEnd()
    {
        using (Uninterruptible.Enter(slot.Gate))
        {
            return IsEnded ? null : (_ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Cancels the run, or removes it from the queue. Called while no lock is held.</summary>
    internal void Cancel() => slot.Cancel(this);

    /// <summary>
    /// Prepares the ticket for another run. Returns false if an emission waits for it. Called by the only emission that uses it.
    /// </summary>
    internal bool TryReset()
    {
        (IsEnded, Failure, Room) = (false, null, null);
        return _ended is null && !IsCancelRequested;
    }

    /// <summary>Marks the run as ended. <see cref="Complete"/> follows outside of the lock.</summary>
    internal void End() => IsEnded = true;

    /// <summary>Wakes the emission. Called while no lock is held.</summary>
    internal void Complete() => Volatile.Read(ref _ended)?.TrySetResult();
}
