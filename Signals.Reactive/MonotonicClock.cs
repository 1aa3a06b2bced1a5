namespace Signals.Reactive;

/// <summary>
/// Clock that measures the elapsed time of a time provider since its creation. The time never decreases: if the provider's timestamp does,
/// the clock stands still and continues from that timestamp. Thread-safe; the provider is not called while the lock is held.
/// </summary>
internal sealed class MonotonicClock
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    /// <summary>The timestamp of the last reading.</summary>
    private long _last;

    /// <summary>The elapsed time at the last reading, in the unit of timestamps.</summary>
    private long _passed;

    /// <summary>Number of readings.</summary>
    private long _readings;

    internal MonotonicClock(TimeProvider time)
    {
        _time = time;
        _last = time.GetTimestamp();
    }

    /// <summary>Gets the elapsed time.</summary>
    internal TimeSpan Elapsed => ToTime(Read());

    /// <summary>Advances the clock to an elapsed time that a timer has signaled. Does nothing if that time has already passed.</summary>
    internal void AdvanceTo(TimeSpan elapsed)
    {
        TimeSpan missing = elapsed - Elapsed;
        if (missing <= TimeSpan.Zero)
        {
            return;
        }

        long more = (long)Math.Ceiling(missing.TotalSeconds * _time.TimestampFrequency);
        lock (_lock)
        {
            _passed = Sum(_passed, more);
        }
    }

    private long Read()
    {
        long readings = Volatile.Read(ref _readings);
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            // Saturating: a timestamp may jump by more than the range of a signed number.
            long passed = now <= _last ? _passed : Sum(_passed, (long)Math.Min((ulong)now - (ulong)_last, long.MaxValue));
            if (readings == _readings)
            {
                (_last, _passed) = (now, passed);
                _readings++;
            }

            // Otherwise, another thread has read the clock meanwhile. It is unknown which timestamp is later, so this one is not stored.
            return passed;
        }
    }

    private TimeSpan ToTime(long passed) => _time.GetElapsedTime(0, passed);

    private static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
