namespace Signals.Ipc.Sockets;

/// <summary>A frame that waits until there is room for it, and is only written then.</summary>
internal interface IQueuedFrame
{
    /// <summary>The place in the queue, while it waits.</summary>
    LinkedListNode<IQueuedFrame>? Place { get; set; }

    /// <summary>Writes the frame. Called inside the sender's lock.</summary>
    /// <returns>False if it is not wanted any more.</returns>
    bool TryWrite(FrameSender.Writer writer);

    /// <summary>The frame is not wanted any more, which <see cref="TryWrite"/> has to say from now on. Called inside the sender's lock.</summary>
    void Withdraw();

    /// <summary>The frame has been accepted after a wait. Called outside the lock.</summary>
    void OnAccepted();

    /// <summary>The frame could not be written. Called outside the lock.</summary>
    void OnFailed(Exception exception);
}
