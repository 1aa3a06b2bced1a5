namespace Signals.Ipc.Sockets;

/// <summary>What became of a frame that was handed to the sender.</summary>
internal enum SendResult
{
    /// <summary>It has been written and goes out.</summary>
    Accepted,

    /// <summary>It waits for room.</summary>
    Queued,

    /// <summary>The frame was not written, since it is no longer wanted.</summary>
    Unwanted,

    /// <summary>The connection has ended.</summary>
    Closed,
}
