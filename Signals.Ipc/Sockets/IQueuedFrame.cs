namespace Signals.Ipc.Sockets;

/// <summary>A frame that waits until there is room for it, and is only written then.</summary>
internal interface IQueuedFrame
{
    /// <summary>Indicates whether the frame is in the queue. Written by the queue alone.</summary>
    bool IsQueued { get; set; }

    /// <summary>Prepares the frame to wait: it may refer to nothing that its sender uses again. Called inside the sender's lock.</summary>
    /// <returns>False if the frame is no longer wanted.</returns>
    bool TryKeep();

    /// <summary>Writes the frame, once. Called inside the sender's lock, so that what it numbers is numbered in the order of writing.</summary>
    /// <returns>False if the frame is no longer wanted.</returns>
    bool TryWrite(FrameSender.Writer writer);

    /// <summary>The frame is not wanted any more, which <see cref="TryWrite"/> has to say from now on. Called inside the sender's lock.</summary>
    void Withdraw();

    /// <summary>The frame has been accepted after a wait. Called outside the lock.</summary>
    void OnAccepted();

    /// <summary>The frame could not be written. Called outside the lock.</summary>
    void OnFailed(Exception exception);
}
