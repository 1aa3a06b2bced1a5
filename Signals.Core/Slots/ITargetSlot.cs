namespace Signals;

/// <summary>
/// Slot with a target that may go before its connection: an object that is collected, or a signal that is disposed. The links are guarded by the
/// signal's lock.
/// </summary>
internal interface ITargetSlot
{
    /// <summary>Whether the target is still there.</summary>
    bool IsTargetAlive { get; }

    /// <summary>The connection that this is the slot of.</summary>
    GenIndex Index { get; }

    /// <summary>The slot before this one in its signal's list.</summary>
    ITargetSlot? Previous { get; set; }

    /// <summary>The slot behind this one in its signal's list.</summary>
    ITargetSlot? Next { get; set; }
}
