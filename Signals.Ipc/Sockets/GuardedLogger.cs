using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Lets a logger that throws harm nobody: what is being logged must not end a connection, leave a call without its answer or end the process.
/// What the logger threw goes to the process's trace, since it cannot go to the log.
/// </summary>
internal sealed class GuardedLogger(ILogger inner) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        try
        {
            return inner.BeginScope(state);
        }
        catch (Exception exception)
        {
            Report(exception);
            return null;
        }
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception exception)
        {
            Report(exception);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception thrown)
        {
            Report(thrown);
        }
    }

    private static void Report(Exception exception) => Trace.TraceError($"{nameof(Signals)}.{nameof(Ipc)} could not log: {exception}");
}
