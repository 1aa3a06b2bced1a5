namespace Signals;

/// <summary>Options of a <see cref="SignalTrace"/>. They are read when it starts.</summary>
public sealed class SignalTraceOptions
{
    /// <summary>The smallest number of events in which a slice has room beside those that are open.</summary>
    private const int LeastEvents = 64;

    private TimeSpan _flushInterval = TimeSpan.FromMilliseconds(250);
    private int _eventsPerThread = 8192;

    /// <summary>
    /// Gets or sets the longest time after which events are written to the file. If the program crashes, later events are lost. The default is 250
    /// milliseconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one millisecond or more than one day.</exception>
    public TimeSpan FlushInterval
    {
        get => _flushInterval;
        set =>
            _flushInterval =
                value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(1)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(FlushInterval)} must be from one millisecond to one day.");
    }

    /// <summary>
    /// Gets or sets the number of events for which each thread has a buffer until they are written; an event takes 48 bytes. If the buffer is full, further events
    /// of the thread are dropped and counted. The default is 8,192.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 64 or more than 16,777,216.</exception>
    public int EventsPerThread
    {
        get => _eventsPerThread;
        set =>
            _eventsPerThread = value is >= LeastEvents and <= 1 << 24
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(EventsPerThread)} must be from {LeastEvents} to {1 << 24}.");
    }
}
