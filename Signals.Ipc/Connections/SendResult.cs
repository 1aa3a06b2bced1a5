namespace Signals.Ipc.Connections;

/// <summary>The result of adding a frame to a sender.</summary>
internal enum SendResult
{
    /// <summary>The frame has been written and will be sent.</summary>
    Accepted,

    /// <summary>The frame waits for room.</summary>
    Queued,

    /// <summary>The frame was not written, because it is no longer wanted.</summary>
    Unwanted,

    /// <summary>The connection has ended.</summary>
    Closed,
}
