namespace Signals;

/// <summary>
/// Slot with a target that may end before its connection: an object that is collected, or a signal that is disposed. The links are guarded by the
/// signal's lock.
/// </summary>
internal interface ITargetSlot
{
    /// <summary>Indicates whether the target still exists.</summary>
    bool IsTargetAlive { get; }

    /// <summary>The connection that this slot belongs to.</summary>
    GenIndex Index { get; }

    /// <summary>The slot before this one in its signal's list.</summary>
    ITargetSlot? Previous { get; set; }

    /// <summary>The slot after this one in its signal's list.</summary>
    ITargetSlot? Next { get; set; }
}
