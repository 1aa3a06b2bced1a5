using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>The log messages of a client's connections.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(
        14,
        LogLevel.Debug,
        "The call {Method} was canceled, but the host cannot be told: it does not have the control service. Further cancellations are not logged"
    )]
    internal static partial void CancellationNotTold(ILogger logger, string method);

    [LoggerMessage(15, LogLevel.Error, "The function of IpcClientOptions.Backoff threw an exception; the default delay is used")]
    internal static partial void BackoffThrew(ILogger logger, Exception exception);

    [LoggerMessage(18, LogLevel.Debug, "Client {ClientId}: call of {Method} began")]
    internal static partial void CallBegan(ILogger logger, long clientId, string method);

    [LoggerMessage(19, LogLevel.Debug, "Client {ClientId}: call of {Method} ended with status {Status} after {Milliseconds} ms")]
    internal static partial void CallEnded(ILogger logger, long clientId, string method, IpcStatusCode status, double milliseconds);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "Client of {Endpoint}: the host does not expose service {Service}. Its proxy waits until the host exposes it, or for the next connection"
    )]
    internal static partial void ServiceAwaited(ILogger logger, IpcEndpoint endpoint, string service);

    [LoggerMessage(
        22,
        LogLevel.Warning,
        "Client of {Endpoint}: BindAsync of a proxy for {Service} waits for a connection, but the client is not connecting. Call Connect or ConnectAsync"
    )]
    internal static partial void BindWithoutConnect(ILogger logger, IpcEndpoint endpoint, string service);

    [LoggerMessage(
        23,
        LogLevel.Debug,
        "The stream of {Method}, whose replies a signal or a property of a proxy follows, has ended. It is called again after {Seconds} s, or on the next connection"
    )]
    internal static partial void SubscriptionEnded(ILogger logger, string method, double seconds);

    [LoggerMessage(
        24,
        LogLevel.Warning,
        "The stream of {Method}, whose replies a signal or a property of a proxy follows, has failed. It is called again after {Seconds} s, or on the next connection: {Reason}"
    )]
    internal static partial void SubscriptionFailed(ILogger logger, string method, double seconds, string reason);

    [LoggerMessage(
        25,
        LogLevel.Warning,
        "A signal or a property of a proxy needs {Method}, which the host does not have. It is called again on the next connection: {Reason}"
    )]
    internal static partial void SubscriptionRefused(ILogger logger, string method, string reason);

    [LoggerMessage(11, LogLevel.Error, "Client of {Endpoint}: the evaluator could not be notified of an event")]
    internal static partial void NotificationFailed(ILogger logger, IpcEndpoint endpoint, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Client of {Endpoint}: a slot of a signal of the client or its proxies threw an exception")]
    internal static partial void SlotThrew(ILogger logger, IpcEndpoint endpoint, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "Client of {Endpoint}: a step of connecting or binding failed")]
    internal static partial void StepFailed(ILogger logger, IpcEndpoint endpoint, Exception exception);

    [LoggerMessage(
        26,
        LogLevel.Warning,
        "Client of {Endpoint}: the export of {Name} failed: a value could not be sent, or its codec, its authorization or its computation threw"
    )]
    internal static partial void ExportFailed(ILogger logger, IpcEndpoint endpoint, Exception exception, string name);
}
