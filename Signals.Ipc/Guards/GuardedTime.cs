using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Guards;

/// <summary>
/// A time provider that never throws: it logs the exceptions of the given one, and uses the system time for a timer that failed. A faulty time
/// provider must not end a connection, prevent a client's next attempt to connect or end the process from the thread of a timer.
/// </summary>
internal sealed partial class GuardedTime : TimeProvider
{
    private readonly TimeProvider _inner;
    private readonly ILogger _logger;

    /// <summary>The last timestamp that was read, which is returned while reading fails.</summary>
    private long _last;

    private GuardedTime(TimeProvider inner, ILogger logger)
    {
        _inner = inner;
        _logger = logger;
        TimestampFrequency = TimeSpan.TicksPerSecond;
        try
        {
            // Read once, so that intervals can be computed where no user code may run.
            TimestampFrequency = Math.Max(1, inner.TimestampFrequency);
        }
        catch (Exception exception)
        {
            TimeFailed(logger, exception);
        }
    }

    public override long TimestampFrequency { get; }

    /// <summary>Returns a time provider that behaves like the given one and never throws.</summary>
    internal static TimeProvider Of(TimeProvider inner, ILogger logger) => inner == System ? inner : new GuardedTime(inner, logger);

    public override long GetTimestamp()
    {
        try
        {
            long now = _inner.GetTimestamp();
            Volatile.Write(ref _last, now);
            return now;
        }
        catch (Exception exception)
        {
            TimeFailed(_logger, exception);
            return Volatile.Read(ref _last);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        try
        {
            return _inner.GetUtcNow();
        }
        catch (Exception exception)
        {
            TimeFailed(_logger, exception);
            return base.GetUtcNow();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new GuardedTimer(this, callback, state, dueTime, period);

    [LoggerMessage(30, LogLevel.Error, "The time provider failed; the system time is used instead")]
    private static partial void TimeFailed(ILogger logger, Exception exception);

    /// <summary>A timer of the given time provider, replaced by a system timer if it fails.</summary>
    private sealed class GuardedTimer : ITimer
    {
        private readonly GuardedTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer? _timer;

        /// <summary>The system timer that runs if the time provider's timer could not be created or changed; null until that happens.</summary>
        private volatile ITimer? _substitute;

        internal GuardedTimer(GuardedTime time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _time = time;
            _callback = callback;
            _state = state;
            try
            {
                _timer = time._inner.CreateTimer(callback, state, dueTime, period);
            }
            catch (Exception exception)
            {
                TimeFailed(time._logger, exception);
            }

            if (_timer is null)
            {
                Substitute(dueTime, period);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_timer is not null)
            {
                try
                {
                    bool isChanged = _timer.Change(dueTime, period);
                    _substitute?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    return isChanged;
                }
                catch (Exception exception)
                {
                    TimeFailed(_time._logger, exception);
                }
            }

            return Substitute(dueTime, period);
        }

        public void Dispose()
        {
            _substitute?.Dispose();
            try
            {
                _timer?.Dispose();
            }
            catch (Exception exception)
            {
                TimeFailed(_time._logger, exception);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private bool Substitute(TimeSpan dueTime, TimeSpan period)
        {
            if (_substitute is { } substitute)
            {
                return substitute.Change(dueTime, period);
            }

            _substitute = System.CreateTimer(_callback, _state, dueTime, period);
            return true;
        }
    }
}
