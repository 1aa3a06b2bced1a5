namespace Signals.Ipc.Connections;

/// <summary>Receives the events of a <see cref="FrameSender"/>. Called on the sending thread and outside its lock, unless a member says otherwise.</summary>
internal interface IFrameSenderOwner
{
    /// <summary>Called after the transport has accepted bytes.</summary>
    void OnSent();

    /// <summary>
    /// Returns a value that indicates whether the peer accepts one more frame of those whose number it limits. Called inside the sender's lock, so that
    /// the number cannot rise meanwhile.
    /// </summary>
    /// <param name="heldBack">The number of frames that are held back, which the owner counts too.</param>
    bool AcceptsLimited(int heldBack);

    /// <summary>Called when nothing more can be sent; more than once if several threads notice it.</summary>
    void OnSendingEnded(DisconnectReason reason);
}
