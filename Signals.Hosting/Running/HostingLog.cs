using Microsoft.Extensions.Logging;
using Signals.Ipc;

namespace Signals.Hosting.Running;

/// <summary>The log messages of hosts and clients of an application.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(201, LogLevel.Information, "The host listens on {Endpoint}")]
    internal static partial void Listens(ILogger logger, IpcEndpoint endpoint);

    [LoggerMessage(202, LogLevel.Information, "The host has stopped")]
    internal static partial void Stopped(ILogger logger);

    [LoggerMessage(203, LogLevel.Information, "The client is connected to {Endpoint}")]
    internal static partial void Connected(ILogger logger, IpcEndpoint endpoint);

    [LoggerMessage(204, LogLevel.Warning, "The client is not connected to {Endpoint}: {Reason}")]
    internal static partial void NotConnected(ILogger logger, IpcEndpoint endpoint, string reason);

    [LoggerMessage(205, LogLevel.Error, "A slot on the evaluator threw an exception")]
    internal static partial void SlotThrew(ILogger logger, Exception exception);

    [LoggerMessage(206, LogLevel.Warning, "The evaluator was disposed with {Count} pending invocations")]
    internal static partial void NotDrained(ILogger logger, int count);
}
