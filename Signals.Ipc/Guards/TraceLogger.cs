using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Guards;

/// <summary>
/// The logger of a client or host whose options have none. It writes the exceptions of user code to the trace of the process, once for each kind, so that
/// a service that fails is not mute. Everything else is discarded.
/// </summary>
/// <param name="options">The name of the options class, for the hint.</param>
internal sealed class TraceLogger(string options) : ILogger
{
    /// <summary>The events and types of exceptions that have been written.</summary>
    private readonly ConcurrentDictionary<(int Event, Type Exception), bool> _written = new();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && exception is not null and not IpcStatusException && _written.TryAdd((eventId.Id, exception.GetType()), true))
        {
            Trace.TraceError($"Signals.Ipc: {formatter(state, exception)}. Set {options}.Logger to see all such entries. {exception}");
        }
    }
}
