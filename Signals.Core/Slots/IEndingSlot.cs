namespace Signals;

/// <summary>Adapter whose slot may still run after its connection has ended. The signal keeps it until then, so that it can be found.</summary>
internal interface IEndingSlot
{
    /// <summary>
    /// Gets a value that indicates whether the slot is still running after <see cref="SlotAdapter.OnDisconnecting"/>. The adapter then calls
    /// <see cref="SignalBase.Forget"/> when it has ended. Read while the signal's lock is held.
    /// </summary>
    bool IsEnding { get; }

    /// <summary>Gets the handle of the connection.</summary>
    ConnectionHandle Handle { get; }

    /// <summary>Gets or sets the next one in the signal's list. Guarded by the signal.</summary>
    IEndingSlot? NextEnding { get; set; }

    /// <summary>Returns a task that completes when no run of the slot is active or queued.</summary>
    Task WhenIdleAsync();
}
