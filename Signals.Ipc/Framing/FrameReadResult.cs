namespace Signals.Ipc.Framing;

/// <summary>What looking for a frame in the received bytes came to.</summary>
internal enum FrameReadResult
{
    /// <summary>There was a whole one.</summary>
    Frame,

    /// <summary>The rest of it has not been received yet.</summary>
    NeedMore,

    /// <summary>Its length is over the limit: nothing that follows can be trusted.</summary>
    TooLarge,
}
