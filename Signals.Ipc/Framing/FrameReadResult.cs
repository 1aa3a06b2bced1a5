namespace Signals.Ipc.Framing;

/// <summary>Result of reading a frame from the received bytes.</summary>
internal enum FrameReadResult
{
    /// <summary>A complete frame was read.</summary>
    Frame,

    /// <summary>The rest of the frame has not been received yet.</summary>
    NeedMore,

    /// <summary>The length of the frame exceeds the limit, so nothing that follows can be trusted.</summary>
    TooLarge,
}
