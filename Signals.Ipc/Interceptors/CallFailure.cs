using Signals.Ipc.Services;

namespace Signals.Ipc.Interceptors;

/// <summary>Converts the failures of a client's calls to the exceptions that its interceptors see.</summary>
internal static class CallFailure
{
    /// <summary>Returns a failure as an exception with a status. The caller of the call gets the original exception.</summary>
    internal static IpcCallException Of(Exception exception, ServiceMethod method) =>
        exception switch
        {
            IpcCallException failure => failure,
            IpcStatusException status => new IpcCallException(
                status.StatusCode,
                status.Message,
                $"An interceptor failed the call of {method.FullName} with status {status.StatusCode}{(status.Message.Length == 0 ? "." : ":")}"
            ),
            _ => new IpcCallException(CodeOf(exception), exception),
        };

    private static IpcStatusCode CodeOf(Exception exception) =>
        exception switch
        {
            OperationCanceledException => IpcStatusCode.Cancelled,
            TimeoutException => IpcStatusCode.DeadlineExceeded,
            IpcDisconnectedException or ObjectDisposedException => IpcStatusCode.Unavailable,
            IpcException { IsFrameTooLarge: true } => IpcStatusCode.ResourceExhausted,
            ArgumentException => IpcStatusCode.InvalidArgument,
            _ => IpcStatusCode.Unknown,
        };
}
