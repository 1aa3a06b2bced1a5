namespace Signals.Ipc.Connections;

/// <summary>Receives the events of a <see cref="FrameSender"/>. Called on the sending thread and outside its lock.</summary>
internal interface IFrameSenderOwner
{
    /// <summary>Called after the transport has accepted bytes.</summary>
    void OnSent();

    /// <summary>Called when nothing more can be sent; more than once if several threads notice it.</summary>
    void OnSendingEnded(DisconnectReason reason);
}
