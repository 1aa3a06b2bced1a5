namespace Signals.Ipc.Sockets;

/// <summary>When a frame goes out that nothing else takes along.</summary>
internal enum SendTiming
{
    /// <summary>At once, on the calling thread: somebody waits for this frame alone.</summary>
    Now,

    /// <summary>In a moment, together with those that are sent meanwhile.</summary>
    Soon,
}
