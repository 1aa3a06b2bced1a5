using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Host;

/// <summary>The log messages of a host.</summary>
internal static partial class HostLog
{
    [LoggerMessage(101, LogLevel.Warning, "Client {ClientId}: call of {Method} failed")]
    internal static partial void CallFailed(ILogger logger, Exception reason, long clientId, string method);

    [LoggerMessage(102, LogLevel.Information, "Client {ClientId}: request {RequestId} was refused. {Reason}")]
    internal static partial void RequestRefused(ILogger logger, long clientId, ulong requestId, string reason);

    [LoggerMessage(103, LogLevel.Information, "Client {ClientId}: the identity that it claimed was ignored")]
    internal static partial void IdentityIgnored(ILogger logger, long clientId);

    [LoggerMessage(EventId = 104, Message = "Client {ClientId} was refused. {Reason}")]
    internal static partial void ClientRefused(ILogger logger, LogLevel level, Exception? exception, long clientId, string reason);

    [LoggerMessage(105, LogLevel.Error, "A slot of the host's signals threw an exception")]
    internal static partial void SlotThrew(ILogger logger, Exception exception);

    [LoggerMessage(106, LogLevel.Error, "Client {ClientId}: a cancellation callback of a service threw an exception")]
    internal static partial void CancellationThrew(ILogger logger, Exception exception, long clientId);

    [LoggerMessage(107, LogLevel.Error, "Client {ClientId}: raising ClientConnected or ClientDisconnected on the evaluator failed")]
    internal static partial void RaisingFailed(ILogger logger, Exception exception, long clientId);

    [LoggerMessage(108, LogLevel.Error, "Client {ClientId}: the authorization check threw an exception after the host had stopped waiting for it")]
    internal static partial void LateCheckThrew(ILogger logger, Exception exception, long clientId);

    [LoggerMessage(109, LogLevel.Error, "A callback of CallContext.HostStopping threw an exception")]
    internal static partial void StoppingCallbackThrew(ILogger logger, Exception exception);

    [LoggerMessage(110, LogLevel.Warning, "Client {ClientId}: reading is paused, because {Limit}")]
    internal static partial void ReadingPaused(ILogger logger, long clientId, string limit);

    [LoggerMessage(115, LogLevel.Information, "Client {ClientId}: {Method} failed the call with status {Status}")]
    internal static partial void CallFailedWithStatus(ILogger logger, Exception reason, long clientId, string method, IpcStatusCode status);

    [LoggerMessage(
        118,
        LogLevel.Warning,
        "The export of {Name} failed: a value could not be sent, or its codec, its authorization or its computation threw"
    )]
    internal static partial void ExportFailed(ILogger logger, Exception exception, string name);
}
