using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Guards;

/// <summary>
/// Catches the exceptions of a logger: logging must not end a connection, leave a call without its reply or end the process. The exceptions are
/// written to <see cref="Trace"/>, because they cannot be logged.
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

    private static void Report(Exception exception) => Trace.TraceError($"{nameof(Signals)}.{nameof(Ipc)} failed to write a log message: {exception}");
}
