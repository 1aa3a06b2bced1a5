using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Writes at most so many lines of one event in a minute, so that a peer cannot fill the log. The number of the lines that were left out is
/// written with the event's next line, or by <see cref="Flush"/>. The logger behind it is never called inside a lock.
/// </summary>
internal sealed class LimitedLogger : ILogger
{
    /// <summary>The lines of one event that one connection may write in a <see cref="Period"/>.</summary>
    internal const int LinesOfConnection = 10;

    /// <summary>The lines of one event that all connections of a host together may write in a <see cref="Period"/>.</summary>
    internal const int LinesOfHost = 100;

    /// <summary>The time that the limit is for.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ILogger _inner;
    private readonly TimeProvider _time;

    /// <summary>The one whose lines are limited, as the line about those that were left out names it.</summary>
    private readonly string _source;

    private readonly int _maxLines;

    /// <summary><see cref="Period"/> in the time provider's units.</summary>
    private readonly long _period;

    /// <summary>Guards the events' lines.</summary>
    private readonly Lock _lock = new();

    /// <summary>The lines of each event, by its number. Null until the first one.</summary>
    private Dictionary<int, Lines>? _events;

    internal LimitedLogger(ILogger inner, TimeProvider time, string source, int maxLines)
    {
        _inner = inner;
        _time = time;
        _source = source;
        _maxLines = maxLines;
        _period = (long)(Period.TotalSeconds * time.TimestampFrequency);
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => _inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!TryTake(eventId, out long leftOut))
        {
            return;
        }

        if (leftOut != 0)
        {
            IpcLog.LinesLeftOut(_inner, _source, leftOut, NameOf(eventId));
        }

        _inner.Log(logLevel, eventId, state, exception, formatter);
    }

    /// <summary>Writes how many lines have been left out and not been told.</summary>
    internal void Flush()
    {
        List<(EventId Event, long Count)> leftOut = [];
        lock (_lock)
        {
            foreach (Lines lines in _events?.Values ?? Enumerable.Empty<Lines>())
            {
                if (lines.LeftOut != 0)
                {
                    leftOut.Add((lines.Event, lines.LeftOut));
                    lines.LeftOut = 0;
                }
            }
        }

        leftOut.ForEach(lines => IpcLog.LinesLeftOut(_inner, _source, lines.Count, NameOf(lines.Event)));
    }

    private static string NameOf(EventId eventId) => eventId.Name ?? $"event {eventId.Id}";

    private bool TryTake(EventId eventId, out long leftOut)
    {
        leftOut = 0;
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            _events ??= [];
            if (!_events.TryGetValue(eventId.Id, out Lines? lines))
            {
                lines = new Lines(eventId, now);
                _events.Add(eventId.Id, lines);
            }

            // A time that has jumped back begins a new period: it must not silence the log for long.
            if (now - lines.Start >= _period || now < lines.Start)
            {
                lines.Start = now;
                lines.Written = 0;
            }

            if (lines.Written == _maxLines)
            {
                lines.LeftOut++;
                return false;
            }

            lines.Written++;
            leftOut = lines.LeftOut;
            lines.LeftOut = 0;
            return true;
        }
    }

    /// <summary>The lines of one event.</summary>
    private sealed class Lines(EventId eventId, long start)
    {
        internal EventId Event => eventId;

        /// <summary>The beginning of the current period.</summary>
        internal long Start { get; set; } = start;

        /// <summary>The number of lines written in the current period.</summary>
        internal int Written { get; set; }

        /// <summary>The number of lines left out that has not been told.</summary>
        internal long LeftOut { get; set; }
    }
}
