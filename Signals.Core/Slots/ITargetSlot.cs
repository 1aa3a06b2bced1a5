namespace Signals;

/// <summary>
/// Slot with a target that may end before the connection: an object that is garbage-collected, or a signal that is disposed. The links to
/// other slots are guarded by the signal's lock.
/// </summary>
internal interface ITargetSlot
{
    /// <summary>Gets a value that indicates whether the target still exists.</summary>
    bool IsTargetAlive { get; }

    /// <summary>
    /// Gets a value that indicates whether the target ends by being garbage-collected. Otherwise, it is a signal, which is disposed.
    /// </summary>
    bool IsWeak { get; }

    /// <summary>Gets the index of the slot's connection.</summary>
    GenIndex Index { get; }

    /// <summary>Gets or sets the previous slot in the signal's list, or null.</summary>
    ITargetSlot? Previous { get; set; }

    /// <summary>Gets or sets the next slot in the signal's list, or null.</summary>
    ITargetSlot? Next { get; set; }
}
