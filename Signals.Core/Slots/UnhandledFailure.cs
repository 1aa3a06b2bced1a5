using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>Reports exceptions of user code that no caller can receive.</summary>
internal static class UnhandledFailure
{
    /// <summary>
    /// Passes an exception to the handler of the connection's signal. Without a handler, or if it throws, the exception is unhandled, as that of
    /// any thread. Does not throw.
    /// </summary>
    internal static void Report(Exception exception, ConnectionHandle connection)
    {
        if (connection.Signal?.ExceptionHandler is not { } handler)
        {
            Throw(exception);
            return;
        }

        try
        {
            handler(exception, connection);
        }
        catch (Exception handlerException)
        {
            Throw(handlerException);
        }
    }

    /// <summary>Throws an exception on a thread of the thread pool, where it is unhandled.</summary>
    internal static void Throw(Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(static captured => captured.Throw(), ExceptionDispatchInfo.Capture(exception), preferLocal: false);
}
