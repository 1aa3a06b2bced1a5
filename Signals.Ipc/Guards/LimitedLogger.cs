using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Connections;

namespace Signals.Ipc.Guards;

/// <summary>
/// Limits the number of lines of each event in a minute, so that a peer cannot fill the log. The number of suppressed lines is written before the
/// event's next line, or by <see cref="Flush"/>, at the event's level. The inner logger is never called inside a lock.
/// </summary>
internal sealed class LimitedLogger : ILogger
{
    /// <summary>The maximum number of lines of one event that one connection writes in a <see cref="Period"/>.</summary>
    internal const int LinesOfConnection = 10;

    /// <summary>The maximum number of lines of one event that all connections of a host together write in a <see cref="Period"/>.</summary>
    internal const int LinesOfHost = 100;

    /// <summary>The time to which the limit applies.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ILogger _inner;
    private readonly TimeProvider _time;

    /// <summary>The name of the source of the lines, for the line that reports suppressed ones.</summary>
    private readonly string _source;

    private readonly int _maxLines;

    /// <summary>The <see cref="Period"/> in units of the time provider.</summary>
    private readonly long _period;

    /// <summary>Guards <see cref="_events"/>.</summary>
    private readonly Lock _lock = new();

    /// <summary>The lines of each event, by event id. Null until the first line.</summary>
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
        if (!TryTake(logLevel, eventId, out long suppressed))
        {
            return;
        }

        if (suppressed != 0)
        {
            string name = NameOf(eventId);
            IpcLog.LinesSuppressed(_inner, logLevel, _source, suppressed, name);
        }

        _inner.Log(logLevel, eventId, state, exception, formatter);
    }

    /// <summary>Writes the numbers of suppressed lines that have not been reported.</summary>
    internal void Flush()
    {
        List<(LogLevel Level, string Event, long Count)> suppressed = [];
        lock (_lock)
        {
            AssertInvariants();
            foreach (Lines lines in _events?.Values ?? Enumerable.Empty<Lines>())
            {
                if (lines.Suppressed != 0)
                {
                    suppressed.Add((lines.Level, NameOf(lines.Event), lines.Suppressed));
                    lines.Suppressed = 0;
                }
            }
        }

        suppressed.ForEach(lines => IpcLog.LinesSuppressed(_inner, lines.Level, _source, lines.Count, lines.Event));
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(
            _events is null || _events.Values.All(lines => lines.Written <= _maxLines && lines.Suppressed >= 0),
            "No event has more lines in a period than the limit."
        );
    }

    private static string NameOf(EventId eventId) => eventId.Name ?? $"event {eventId.Id}";

    private bool TryTake(LogLevel level, EventId eventId, out long suppressed)
    {
        suppressed = 0;
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            AssertInvariants();
            _events ??= [];
            if (!_events.TryGetValue(eventId.Id, out Lines? lines))
            {
                lines = new Lines(eventId, now);
                _events.Add(eventId.Id, lines);
            }

            // A time that has gone back begins a new period: it must not suppress lines for long.
            if (now - lines.Start >= _period || now < lines.Start)
            {
                lines.Start = now;
                lines.Written = 0;
            }

            if (lines.Written == _maxLines)
            {
                lines.Suppressed++;
                lines.Level = level;
                return false;
            }

            lines.Written++;
            suppressed = lines.Suppressed;
            lines.Suppressed = 0;
            return true;
        }
    }

    /// <summary>The lines of one event.</summary>
    private sealed class Lines(EventId eventId, long start)
    {
        internal EventId Event => eventId;

        /// <summary>Gets or sets the level of the last suppressed line.</summary>
        internal LogLevel Level { get; set; }

        /// <summary>Gets or sets the beginning of the current period.</summary>
        internal long Start { get; set; } = start;

        /// <summary>Gets or sets the number of lines written in the current period.</summary>
        internal int Written { get; set; }

        /// <summary>Gets or sets the number of suppressed lines that have not been reported.</summary>
        internal long Suppressed { get; set; }
    }
}
