using System.Diagnostics.CodeAnalysis;

namespace Signals.Reactive;

/// <summary>
/// Timed work of a scheduler that is not yet due, and its single timer. Thread-safe. Neither the time provider, which may call back at
/// once, nor the evaluator is called while the lock is held.
/// </summary>
internal sealed class TimedWork(TimeProvider time, Action<ScheduledWork> queue)
{
    /// <summary>Maximum time for which the timer is set. Work that is due later is checked again after it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Minimum time for which the timer is set again after it was early, which is the resolution of timers.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Maximum number of consecutive times that a timer may be early according to the clock. Beyond it, the two disagree, and work that
    /// relied on the clock alone might never become due.
    /// </summary>
    private const int MaxEarly = 8;

    /// <summary>
    /// Maximum number of consecutive checks by one thread. A timer that always calls back when it is set would otherwise occupy the thread
    /// that schedules.
    /// </summary>
    private const int MaxChecks = 64;

    private static readonly Comparer<ScheduledWork> ByDue = Comparer<ScheduledWork>.Create(
        static (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Sequence.CompareTo(other.Sequence)
    );

    private readonly Lock _lock = new();
    private readonly SortedSet<ScheduledWork> _waiting = new(ByDue);

    /// <summary>The clock to which <see cref="ScheduledWork.Due"/> refers.</summary>
    private readonly MonotonicClock _clock = new(time);

    /// <summary>The timer, or null before the first timed work. Set by the driver while the lock is held.</summary>
    private ITimer? _timer;

    /// <summary>Number of times that work has been added.</summary>
    private long _added;

    /// <summary>Indicates whether the evaluator has been disposed, after which no work is accepted.</summary>
    private bool _isDropped;

    /// <summary>
    /// Indicates whether a thread, the driver, is queueing due work and setting the timer. There is at most one, so that work is queued in
    /// order.
    /// </summary>
    private bool _isDriven;

    /// <summary>Indicates whether the driver has to check again, because the timer must be set again.</summary>
    private bool _isStale;

    /// <summary>Indicates whether the timer has called back since the driver's last check.</summary>
    private bool _hasFired;

    /// <summary>The time on the clock for which the timer is set. Used only by the driver.</summary>
    private TimeSpan _setFor = TimeSpan.MaxValue;

    /// <summary>Number of consecutive times that the timer was early. Used only by the driver.</summary>
    private int _early;

    /// <summary>Gets the number of waiting work items.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds work that becomes due after a time. Returns false if the evaluator has been disposed.</summary>
    internal bool TryAdd(ScheduledWork work, TimeSpan dueTime)
    {
        TimeSpan now = _clock.Elapsed;
        lock (_lock)
        {
            if (_isDropped)
            {
                return false;
            }

            work.Due = Sum(now, dueTime);
            Enlist(work);
            if (_waiting.Min != work)
            {
                return true;
            }
        }

        try
        {
            Drive(hasFired: false);
        }
        catch
        {
            lock (_lock)
            {
                _waiting.Remove(work);
            }

            throw;
        }

        return true;
    }

    /// <summary>Removes waiting work. Does nothing if the work is not waiting.</summary>
    internal void Remove(ScheduledWork work)
    {
        lock (_lock)
        {
            // If other work waits, the timer may call back unnecessarily; it is set correctly then.
            if (!_waiting.Remove(work) || _waiting.Count != 0)
            {
                return;
            }
        }

        Drive(hasFired: false);
    }

    /// <summary>Cancels all waiting work, disposes the timer, and rejects further work.</summary>
    internal void Drop()
    {
        ScheduledWork[] dropped;
        lock (_lock)
        {
            _isDropped = true;
            dropped = [.. _waiting];
            _waiting.Clear();
        }

        foreach (ScheduledWork work in dropped)
        {
            work.Dispose();
        }

        Drive(hasFired: false);
    }

    /// <summary>
    /// Sets the timer again and, if it has called back, queues due work: on this thread, or on the thread that is currently the driver.
    /// </summary>
    private void Drive(bool hasFired)
    {
        lock (_lock)
        {
            _isStale = true;
            _hasFired |= hasFired;
            if (_isDriven)
            {
                return;
            }

            _isDriven = true;
        }

        DriveOn();
    }

    private void DriveOn()
    {
        Failures failures = default;
        int checks = 0;
        ITimer? unusedTimer;
        while (TryBeginCheck(out bool hasFired, out unusedTimer))
        {
            // An exception of the evaluator or of the time provider does not delay other work.
            try
            {
                if (hasFired)
                {
                    QueueDue(ref failures);
                }

                SetTimer();
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }

            if (++checks == MaxChecks)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static timed => timed.DriveOn(), this, preferLocal: false);
                break;
            }
        }

        if (unusedTimer is not null)
        {
            failures.Try(unusedTimer.Dispose);
        }

        failures.ThrowIfAny();
    }

    /// <summary>Begins a check. Returns false, and the thread is no longer the driver, if no check is necessary.</summary>
    /// <param name="hasFired">True if the timer has called back.</param>
    /// <param name="unusedTimer">
    /// The timer if it is no longer needed, or null. Only the driver disposes it, because another thread might do so while the driver is
    /// setting it.
    /// </param>
    private bool TryBeginCheck(out bool hasFired, out ITimer? unusedTimer)
    {
        lock (_lock)
        {
            hasFired = _hasFired;
            _isDriven = _isStale && !_isDropped;
            (_isStale, _hasFired) = (false, false);
            unusedTimer = null;
            if (_isDropped)
            {
                (unusedTimer, _timer) = (_timer, null);
            }

            return _isDriven;
        }
    }

    private void QueueDue(ref Failures failures)
    {
        TimeSpan now = ReadWhenFired();
        while (TryTakeDue(now, out ScheduledWork? work))
        {
            try
            {
                queue(work);
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }
    }

    /// <summary>
    /// Returns the current time after the timer has called back: that of the clock or, if the timer is repeatedly early, that of the timer.
    /// </summary>
    private TimeSpan ReadWhenFired()
    {
        TimeSpan now = _clock.Elapsed;
        if (now >= _setFor || _setFor == TimeSpan.MaxValue)
        {
            _early = 0;
            return now;
        }

        _early++;
        if (_early < MaxEarly)
        {
            return now;
        }

        _early = 0;
        _clock.AdvanceTo(_setFor);
        return _setFor;
    }

    /// <summary>Takes the next work that is due. Returns false if there is none.</summary>
    private bool TryTakeDue(TimeSpan now, [NotNullWhen(true)] out ScheduledWork? work)
    {
        lock (_lock)
        {
            while ((work = _waiting.Min) is not null && work.Due <= now && work.Due != TimeSpan.MaxValue)
            {
                _waiting.Remove(work);
                if (work.Period == TimeSpan.Zero || TryTakePeriod(work, now))
                {
                    work.OnQueueing();
                    return true;
                }
            }
        }

        work = null;
        return false;
    }

    /// <summary>
    /// Takes one of the elapsed periods of periodic work, and adds the work for the next one. If there is not enough room for all elapsed
    /// periods, the earliest ones are skipped. Returns false if all are skipped.
    /// </summary>
    private bool TryTakePeriod(ScheduledWork work, TimeSpan now)
    {
        long elapsed = ((now - work.Due).Ticks / work.Period.Ticks) + 1;
        int room = work.Room;
        long taken = room == 0 ? 0 : 1;
        long skipped = Math.Max(0, elapsed - room);
        work.Due = Sum(work.Due, work.Period.Ticks <= long.MaxValue / (skipped + 1) ? work.Period * (skipped + taken) : TimeSpan.MaxValue);
        Enlist(work);
        return taken == 1;
    }

    private void Enlist(ScheduledWork work)
    {
        _added++;
        work.Sequence = _added;
        _waiting.Add(work);
    }

    /// <summary>Sets the timer for the work that is due next, or stops it if no work waits.</summary>
    private void SetTimer()
    {
        TimeSpan now = _clock.Elapsed;
        TimeSpan next;
        ITimer? timer;
        lock (_lock)
        {
            next = _waiting.Min?.Due ?? TimeSpan.MaxValue;
            timer = _timer;
        }

        TimeSpan setFor = next - now > LongestWait && next != TimeSpan.MaxValue ? now + LongestWait : next;
        if (setFor != _setFor)
        {
            (_setFor, _early) = (setFor, 0);
        }

        if (next == TimeSpan.MaxValue)
        {
            timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        if (timer is null)
        {
            timer = CreateTimer();
            lock (_lock)
            {
                _timer = timer;
            }
        }

        TimeSpan shortest = _early == 0 ? TimeSpan.Zero : Tick;
        TimeSpan wait = setFor - now;
        timer.Change(wait < shortest ? shortest : wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Creates the timer. It serves all callers, so it must not capture the execution context of the first one.</summary>
    private ITimer CreateTimer()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Create();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Create();
        }

        ITimer Create() =>
            time.CreateTimer(static timed => ((TimedWork)timed!).Drive(hasFired: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static TimeSpan Sum(TimeSpan one, TimeSpan other) => other < TimeSpan.MaxValue - one ? one + other : TimeSpan.MaxValue;
}
