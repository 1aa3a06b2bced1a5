using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Host;

/// <summary>What a host says in its log.</summary>
internal static partial class HostLog
{
    [LoggerMessage(101, LogLevel.Warning, "Client {ClientId}: a call of {Method} failed")]
    internal static partial void CallFailed(ILogger logger, Exception reason, long clientId, string method);

    [LoggerMessage(102, LogLevel.Information, "Client {ClientId}: request {RequestId} was refused. {Reason}")]
    internal static partial void RequestRefused(ILogger logger, long clientId, ulong requestId, string reason);

    [LoggerMessage(103, LogLevel.Information, "Client {ClientId}: its claim of an identity is ignored")]
    internal static partial void IdentityIgnored(ILogger logger, long clientId);

    [LoggerMessage(104, LogLevel.Warning, "Client {ClientId} was refused. {Reason}")]
    internal static partial void ClientRefused(ILogger logger, Exception? exception, long clientId, string reason);

    [LoggerMessage(105, LogLevel.Error, "A slot of the host's signals threw")]
    internal static partial void SlotThrew(ILogger logger, Exception exception);

    [LoggerMessage(106, LogLevel.Error, "Client {ClientId}: what a service does when a client has gone threw")]
    internal static partial void CancellationThrew(ILogger logger, Exception exception, long clientId);

    [LoggerMessage(107, LogLevel.Error, "Client {ClientId}: the evaluator could not be told that it has come or gone")]
    internal static partial void RaisingFailed(ILogger logger, Exception exception, long clientId);

    [LoggerMessage(108, LogLevel.Error, "Client {ClientId}: its authorization, which had been given up, threw")]
    internal static partial void LateCheckThrew(ILogger logger, Exception exception, long clientId);
}
