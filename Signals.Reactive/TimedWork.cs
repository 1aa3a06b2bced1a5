using System.Diagnostics.CodeAnalysis;

namespace Signals.Reactive;

/// <summary>
/// The work of a scheduler that waits for its time, and the one timer that all of it needs. Thread-safe. Neither the time provider, which may
/// call back at once, nor the evaluator is called inside the lock.
/// </summary>
internal sealed class TimedWork(TimeProvider time, Action<ScheduledWork> queue)
{
    /// <summary>Timers take no longer times: who has to wait longer is looked at again then.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>How long to wait again when a timer was early: it is no finer than this.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Number of times in a row that a timer may be early by the clock. After that the two disagree, and work that waited for the clock alone might
    /// wait for ever.
    /// </summary>
    private const int MostEarly = 8;

    /// <summary>
    /// Number of times in a row that a thread looks again at once. A timer that always calls back as it is set would otherwise keep the thread that
    /// schedules.
    /// </summary>
    private const int MostLooks = 64;

    private static readonly Comparer<ScheduledWork> ByDue = Comparer<ScheduledWork>.Create(
        static (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Sequence.CompareTo(other.Sequence)
    );

    private readonly Lock _lock = new();
    private readonly SortedSet<ScheduledWork> _waiting = new(ByDue);

    /// <summary>The clock that <see cref="ScheduledWork.Due"/> is read from.</summary>
    private readonly MonotonicClock _clock = new(time);

    /// <summary>Made for the first work that has to wait. Set by the driver, inside the lock.</summary>
    private ITimer? _timer;

    /// <summary>How many have been added.</summary>
    private long _added;

    /// <summary>Indicates whether the evaluator has been disposed: nothing waits any more.</summary>
    private bool _isDropped;

    /// <summary>
    /// Indicates whether a thread, the driver, queues what is due and sets the timer: only one does, so that all is queued in order.
    /// </summary>
    private bool _isDriven;

    /// <summary>Indicates whether the driver has to look again: the timer has to be set anew.</summary>
    private bool _isStale;

    /// <summary>Indicates whether the timer has called back since the driver looked last.</summary>
    private bool _hasFired;

    /// <summary>The time at which the timer is due by the clock. Used by the driver alone.</summary>
    private TimeSpan _setFor = TimeSpan.MaxValue;

    /// <summary>Number of times in a row that the timer was early. Used by the driver alone.</summary>
    private int _early;

    /// <summary>How much work waits.</summary>
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

    /// <summary>Lets work wait. Returns false if nothing waits here any more.</summary>
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

    /// <summary>Lets work wait no longer; does nothing if it does not.</summary>
    internal void Remove(ScheduledWork work)
    {
        lock (_lock)
        {
            // The timer may wake for nothing where others wait: it is set right then.
            if (!_waiting.Remove(work) || _waiting.Count != 0)
            {
                return;
            }
        }

        Drive(hasFired: false);
    }

    /// <summary>Cancels all that waits, gives up the timer, and lets nothing wait any more.</summary>
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

    /// <summary>Has the timer set anew, and what is due queued if the timer has called back: by this thread, or by the one that is at it.</summary>
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
        int looks = 0;
        ITimer? givenUp;
        while (TryLook(out bool hasFired, out givenUp))
        {
            // What the evaluator throws as it is told of work, or the time provider, does not keep the rest from its time.
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

            if (++looks == MostLooks)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static timed => timed.DriveOn(), this, preferLocal: false);
                break;
            }
        }

        if (givenUp is not null)
        {
            failures.Try(givenUp.Dispose);
        }

        failures.ThrowIfAny();
    }

    /// <summary>Begins a look at what there is to do. Returns false, and ends the driver, if there is nothing.</summary>
    /// <param name="hasFired">Whether the timer has called back.</param>
    /// <param name="givenUp">The timer, if it is not needed any more. Only the driver disposes it: it may be the one that sets it.</param>
    private bool TryLook(out bool hasFired, out ITimer? givenUp)
    {
        lock (_lock)
        {
            hasFired = _hasFired;
            _isDriven = _isStale && !_isDropped;
            (_isStale, _hasFired) = (false, false);
            givenUp = null;
            if (_isDropped)
            {
                (givenUp, _timer) = (_timer, null);
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

    /// <summary>Reads the clock when the timer has called back.</summary>
    private TimeSpan ReadWhenFired()
    {
        TimeSpan now = _clock.Elapsed;
        if (now >= _setFor || _setFor == TimeSpan.MaxValue)
        {
            _early = 0;
            return now;
        }

        _early++;
        if (_early < MostEarly)
        {
            return now;
        }

        _early = 0;
        _clock.MoveOnTo(_setFor);
        return _setFor;
    }

    /// <summary>Takes the work that is due next.</summary>
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
    /// Takes one of the periods of a work that are over, and lets it wait for the next. Periods that there is no room for are left out, the earliest
    /// first. Returns false if all of them are.
    /// </summary>
    private bool TryTakePeriod(ScheduledWork work, TimeSpan now)
    {
        long over = ((now - work.Due).Ticks / work.Period.Ticks) + 1;
        int room = work.Room;
        long taken = room == 0 ? 0 : 1;
        long leftOut = Math.Max(0, over - room);
        work.Due = Sum(work.Due, work.Period.Ticks <= long.MaxValue / (leftOut + 1) ? work.Period * (leftOut + taken) : TimeSpan.MaxValue);
        Enlist(work);
        return taken == 1;
    }

    private void Enlist(ScheduledWork work)
    {
        _added++;
        work.Sequence = _added;
        _waiting.Add(work);
    }

    /// <summary>Sets the timer for what is due next, or stops it if nothing waits.</summary>
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

    /// <summary>Creates the timer, which serves all callers: it must not capture the execution context of the first one.</summary>
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
