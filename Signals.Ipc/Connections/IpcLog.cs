using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Connections;

/// <summary>The log messages of connections.</summary>
internal static partial class IpcLog
{
    [LoggerMessage(1, LogLevel.Information, "Dropped a frame of {Size} bytes that could not be parsed ({Count} dropped on this connection)")]
    internal static partial void FrameDropped(ILogger logger, int size, long count);

    [LoggerMessage(2, LogLevel.Debug, "Connection ended: {Reason}")]
    internal static partial void ConnectionEnded(ILogger logger, DisconnectReason reason);

    [LoggerMessage(3, LogLevel.Error, "Handling a frame failed; the connection is closed")]
    internal static partial void HandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "A continuation of a call threw an exception; the connection is not affected")]
    internal static partial void ContinuationThrew(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Error, "Sending failed; the connection is closed")]
    internal static partial void SendingFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 20, Message = "{Source}: {Count} more log entries of {Event} were suppressed")]
    internal static partial void LinesSuppressed(ILogger logger, LogLevel level, string source, long count, string @event);
}
