namespace Signals.Ipc.Connections;

/// <summary>The time at which a frame is sent.</summary>
internal enum SendTiming
{
    /// <summary>Immediately, on the calling thread: the peer or a caller waits for this frame.</summary>
    Now,

    /// <summary>Soon, on the thread pool, together with frames that are added meanwhile.</summary>
    Soon,
}
