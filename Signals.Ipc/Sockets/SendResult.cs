namespace Signals.Ipc.Sockets;

/// <summary>What became of a frame that was handed to the sender.</summary>
internal enum SendResult
{
    /// <summary>It has been written and goes out.</summary>
    Accepted,

    /// <summary>It waits for room.</summary>
    Queued,

    /// <summary>It was not written, since it is not wanted any more.</summary>
    Unwanted,

    /// <summary>The connection has ended.</summary>
    Closed,
}
