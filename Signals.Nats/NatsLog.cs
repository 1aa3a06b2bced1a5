using Microsoft.Extensions.Logging;

namespace Signals.Nats;

/// <summary>The messages that an exchange writes to its log.</summary>
internal static partial class NatsLog
{
    [LoggerMessage(1, LogLevel.Information, "The exchange {Exchange} is connected to the NATS server {Server}.")]
    internal static partial void Connected(this ILogger logger, string exchange, string server);

    [LoggerMessage(2, LogLevel.Warning, "The connection of the exchange {Exchange} to the NATS server is lost.")]
    internal static partial void Disconnected(this ILogger logger, string exchange);

    [LoggerMessage(3, LogLevel.Warning, "The exchange {Exchange} cannot reach the NATS server, and tries again.")]
    internal static partial void NotConnected(this ILogger logger, string exchange, Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "The exchange {Exchange} still cannot reach the NATS server.")]
    internal static partial void StillNotConnected(this ILogger logger, string exchange, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The NATS server has reported an error to the exchange {Exchange}: {Error}")]
    internal static partial void ServerError(this ILogger logger, string exchange, string error);

    [LoggerMessage(
        5,
        LogLevel.Warning,
        "A message on {Subject} does not come from an exchange and was ignored. Further ones are ignored without a log entry."
    )]
    internal static partial void ForeignMessage(this ILogger logger, string subject);

    [LoggerMessage(6, LogLevel.Error, "The exchange {Exchange} failed to handle a message or an action, and continues.")]
    internal static partial void Failed(this ILogger logger, string exchange, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "The export of {Name} failed: a value could not be published, or its codec or its computation threw.")]
    internal static partial void ExportFailed(this ILogger logger, string name, Exception exception);

    [LoggerMessage(
        8,
        LogLevel.Information,
        "Messages between the exporter {Exporter} and this exchange were lost. The exchange subscribes to the exporter again."
    )]
    internal static partial void SessionLost(this ILogger logger, string exporter);
}
