namespace Signals.Ipc.Framing;

/// <summary>Which message a frame carries. The values are the field numbers on the wire.</summary>
internal enum FrameKind
{
    /// <summary>None that is known: such a frame does nothing, so that newer peers can be talked to.</summary>
    None = 0,
    BindService = 3,
    BindServiceReply = 4,
    InvokeMethod = 5,
    InvokeMethodReply = 6,
    RequestError = 7,
    SetPeerIdentity = 8,
}
