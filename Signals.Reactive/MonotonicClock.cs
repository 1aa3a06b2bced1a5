namespace Signals.Reactive;

/// <summary>
/// The time that has passed by a time provider since this was made. It never goes back: where the provider's timestamp does, this stands still
/// and continues from there. Thread-safe; the provider is not called inside the lock.
/// </summary>
internal sealed class MonotonicClock
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    /// <summary>The timestamp of the last reading.</summary>
    private long _last;

    /// <summary>The time that had passed at the last reading, in the unit of timestamps.</summary>
    private long _passed;

    /// <summary>Number of readings.</summary>
    private long _readings;

    internal MonotonicClock(TimeProvider time)
    {
        _time = time;
        _last = time.GetTimestamp();
    }

    /// <summary>The time that has passed.</summary>
    internal TimeSpan Elapsed => ToTime(Read());

    /// <summary>Lets the time pass up to a point that a timer says has come. Does nothing if it has passed already.</summary>
    internal void MoveOnTo(TimeSpan elapsed)
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
            // Saturating: a timestamp may jump by more than a signed number holds.
            long passed = now <= _last ? _passed : Sum(_passed, (long)Math.Min((ulong)now - (ulong)_last, long.MaxValue));
            if (readings == _readings)
            {
                (_last, _passed) = (now, passed);
                _readings++;
            }

            // Otherwise another thread has read meanwhile: it is not known which timestamp is the later one, so this one is not to go on from.
            return passed;
        }
    }

    private TimeSpan ToTime(long passed) => _time.GetElapsedTime(0, passed);

    private static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
