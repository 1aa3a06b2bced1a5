namespace Signals;

/// <summary>
/// Specifies what an emission does with an asynchronous slot that is still running. A run lasts from its start until its task has ended,
/// including the part before the first <see langword="await"/>. If an evaluator runs the slot, a run counts from the emission that queues it.
/// </summary>
public enum AsyncSlotMode
{
    /// <summary>The emission is queued: one run follows another, in the order of the emissions.</summary>
    Sequential,

    /// <summary>The emission is skipped.</summary>
    Drop,

    /// <summary>The emission replaces the one that waits, so that only the newest one runs afterwards.</summary>
    Latest,

    /// <summary>
    /// The token of the run is canceled. When the run has ended, the newest emission runs. An emission that has been replaced before its run
    /// started never runs.
    /// </summary>
    Switch,

    /// <summary>
    /// Up to <see cref="AsyncSlotOptions.MaxConcurrency"/> runs are active at the same time; further emissions are queued.
    /// </summary>
    Parallel,
}
