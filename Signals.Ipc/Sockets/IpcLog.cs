using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Sockets;

/// <summary>What is logged of connections.</summary>
internal static partial class IpcLog
{
    [LoggerMessage(1, LogLevel.Warning, "A frame of {Size} bytes could not be parsed and was dropped, the {Count}. of this connection")]
    internal static partial void FrameDropped(ILogger logger, int size, long count);

    [LoggerMessage(2, LogLevel.Debug, "Connection ended: {Reason}")]
    internal static partial void ConnectionEnded(ILogger logger, DisconnectReason reason);

    [LoggerMessage(3, LogLevel.Error, "Handling a frame failed; the connection is closed")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "A continuation of a call threw; the connection is not affected")]
    internal static partial void ContinuationThrew(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Sending failed; the connection is closed")]
    internal static partial void SendingFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Accepting connections on {Endpoint} pauses: {Error}")]
    internal static partial void AcceptPaused(ILogger logger, IpcEndpoint endpoint, string error);

    [LoggerMessage(5, LogLevel.Information, "Accepting connections on {Endpoint} goes on")]
    internal static partial void AcceptResumed(ILogger logger, IpcEndpoint endpoint);

    [LoggerMessage(6, LogLevel.Information, "A connection on {Endpoint} could not be accepted: {Error}")]
    internal static partial void AcceptFailed(ILogger logger, IpcEndpoint endpoint, string error);

    [LoggerMessage(
        7,
        LogLevel.Warning,
        "The socket file {Endpoint} was removed or replaced by another program: new clients cannot reach this host until it listens there anew"
    )]
    internal static partial void FileGone(ILogger logger, IpcEndpoint endpoint);

    [LoggerMessage(20, LogLevel.Warning, "{Source}: {Count} more lines of {Event} were left out")]
    internal static partial void LinesLeftOut(ILogger logger, string source, long count, string @event);
}
