namespace Signals.Ipc.Connections;

/// <summary>A frame that can wait for room, and is written when there is room.</summary>
internal interface IQueuedFrame
{
    /// <summary>Gets or sets a value that indicates whether the frame is in the queue. Set only by the queue.</summary>
    bool IsQueued { get; set; }

    /// <summary>
    /// Gets a value that indicates whether the peer limits the number of such frames, so that one may be held back although there is room for it.
    /// </summary>
    bool IsLimited { get; }

    /// <summary>Gets or sets a value that indicates whether the frame is held back. Guarded by the sender's lock.</summary>
    bool IsHeldBack { get; set; }

    /// <summary>Prepares the frame to wait: it must not refer to memory that its sender reuses. Called inside the sender's lock.</summary>
    /// <returns>False if the frame is no longer wanted.</returns>
    bool TryKeep();

    /// <summary>Writes the frame, once. Called inside the sender's lock, so that ids are assigned in the order of writing.</summary>
    /// <returns>False if the frame is no longer wanted.</returns>
    bool TryWrite(FrameWriter writer);

    /// <summary>Marks the frame as no longer wanted, so that <see cref="TryWrite"/> returns false. Called inside the sender's lock.</summary>
    void Withdraw();

    /// <summary>Called outside the lock when the frame has been written after a wait.</summary>
    void OnAccepted();

    /// <summary>Called outside the lock when the frame could not be written.</summary>
    void OnFailed(Exception exception);
}
