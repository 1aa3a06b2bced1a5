using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Services;

/// <summary>The log messages of the calls of a host.</summary>
internal static partial class CallLog
{
    [LoggerMessage(116, LogLevel.Debug, "Client {ClientId}: call of {Method} began, request {RequestId}")]
    internal static partial void CallBegan(ILogger logger, long clientId, string method, ulong requestId);

    [LoggerMessage(117, LogLevel.Debug, "Client {ClientId}: call of {Method} ended with status {Status} after {Milliseconds} ms, request {RequestId}")]
    internal static partial void CallEnded(ILogger logger, long clientId, string method, ulong requestId, IpcStatusCode status, double milliseconds);
}
