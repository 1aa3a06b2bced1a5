namespace Signals.Ipc.Framing;

/// <summary>Kind of message that a frame carries. The values are the field numbers on the wire.</summary>
internal enum FrameKind
{
    /// <summary>No known message. Such a frame is ignored, so that newer peers are compatible.</summary>
    None = 0,
    BindService = 3,
    BindServiceReply = 4,
    InvokeMethod = 5,
    InvokeMethodReply = 6,
    RequestError = 7,
    SetPeerIdentity = 8,
}
