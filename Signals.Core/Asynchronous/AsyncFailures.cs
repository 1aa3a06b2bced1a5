namespace Signals;

/// <summary>
/// Passes the exceptions of one asynchronous slot to its handler, to the handler of the signal or to waiting emissions. Called while no lock is held.
/// </summary>
/// <param name="exceptionHandler">The handler of the connection, or null.</param>
internal sealed class AsyncFailures(Action<Exception, ConnectionHandle>? exceptionHandler)
{
    /// <summary>
    /// Passes the exception of a run to the handler of the connection or that of the signal. Without a handler, the emission that waits for the run
    /// throws it; without such an emission, it is unhandled.
    /// </summary>
    internal void Report(Exception failure, ConnectionHandle connection, RunTicket? ticket)
    {
        Exception? unhandled = failure;
        if ((exceptionHandler ?? connection.Signal?.ExceptionHandler) is { } handler)
        {
            unhandled = null;
            try
            {
                handler(failure, connection);
            }
            catch (Exception handlerException)
            {
                unhandled = handlerException;
            }
        }

        if (unhandled is null)
        {
            return;
        }

        if (ticket is null)
        {
            UnhandledFailure.Throw(unhandled);
        }
        else
        {
            ticket.Failure = unhandled;
        }
    }

    /// <summary>Reports the exceptions of a canceled token's callbacks after these have run.</summary>
    internal void ObserveCancellation(Task canceled, ConnectionHandle connection) =>
        canceled.ContinueWith(
            task => ReportCancellation(task, connection),
            CancellationToken.None,
            TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    private void ReportCancellation(Task canceled, ConnectionHandle connection)
    {
        Exception failure = canceled.Exception!.InnerExceptions.Count == 1 ? canceled.Exception.InnerExceptions[0] : canceled.Exception;
        if (exceptionHandler is null)
        {
            UnhandledFailure.Report(failure, connection);
            return;
        }

        try
        {
            exceptionHandler(failure, connection);
        }
        catch (Exception handlerException)
        {
            UnhandledFailure.Throw(handlerException);
        }
    }
}
