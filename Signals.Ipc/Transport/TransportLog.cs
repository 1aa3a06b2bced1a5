using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Transport;

/// <summary>The log messages of listeners.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(4, LogLevel.Warning, "Paused accepting connections on {Endpoint}: {Error}")]
    internal static partial void AcceptPaused(ILogger logger, IpcEndpoint endpoint, string error);

    [LoggerMessage(5, LogLevel.Information, "Resumed accepting connections on {Endpoint}")]
    internal static partial void AcceptResumed(ILogger logger, IpcEndpoint endpoint);

    [LoggerMessage(6, LogLevel.Information, "Failed to accept a connection on {Endpoint}: {Error}")]
    internal static partial void AcceptFailed(ILogger logger, IpcEndpoint endpoint, string error);

    [LoggerMessage(118, LogLevel.Error, "A transport of the program threw an exception that it does not explain")]
    internal static partial void TransportThrew(ILogger logger, Exception exception);

    [LoggerMessage(119, LogLevel.Information, "An attempt to connect to {Endpoint} that is no longer waited for has failed")]
    internal static partial void LateAttemptThrew(ILogger logger, Exception exception, IpcEndpoint endpoint);

    [LoggerMessage(
        7,
        LogLevel.Warning,
        "The socket file {Endpoint} was removed or replaced by another program: new clients cannot reach this host until it listens there again"
    )]
    internal static partial void FileGone(ILogger logger, IpcEndpoint endpoint);
}
