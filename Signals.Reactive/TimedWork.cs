namespace Signals.Reactive;

/// <summary>
/// The work of a scheduler that waits for its time, and the one timer that all of it needs. Thread-safe; nobody else's code but the time
/// provider's runs inside the lock.
/// </summary>
internal sealed class TimedWork(TimeProvider time, Action<ScheduledWork> queue)
{
    /// <summary>Timers take no longer times: who has to wait longer is looked at again then.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>How long to wait again when a timer was early: it is no finer than this.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private static readonly Comparer<ScheduledWork> ByDue = Comparer<ScheduledWork>.Create(
        static (one, other) => one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Sequence.CompareTo(other.Sequence)
    );

    private readonly Lock _lock = new();
    private readonly SortedSet<ScheduledWork> _waiting = new(ByDue);

    /// <summary>When the clock began that <see cref="ScheduledWork.Due"/> is read from.</summary>
    private readonly long _start = time.GetTimestamp();

    /// <summary>Made for the first work that has to wait.</summary>
    private ITimer? _timer;

    /// <summary>How many have been added.</summary>
    private long _added;

    /// <summary>Whether a thread is queueing what is due: only one does, so that it is queued in order.</summary>
    private bool _isQueueing;

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

    private TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Lets work wait.</summary>
    internal void Add(ScheduledWork work, TimeSpan dueTime)
    {
        lock (_lock)
        {
            TimeSpan now = Elapsed;
            work.Due = dueTime < TimeSpan.MaxValue - now ? now + dueTime : TimeSpan.MaxValue;
            _added++;
            work.Sequence = _added;
            _waiting.Add(work);
            if (_waiting.Min == work)
            {
                Arm(TimeSpan.Zero);
            }
        }
    }

    /// <summary>Lets work wait no longer; does nothing if it does not.</summary>
    internal void Remove(ScheduledWork work)
    {
        lock (_lock)
        {
            // The timer may wake for nothing where others wait: it is set right then.
            if (_waiting.Remove(work) && _waiting.Count == 0)
            {
                Arm(TimeSpan.Zero);
            }
        }
    }

    /// <summary>Cancels all that waits, and gives up the timer.</summary>
    internal void Drop()
    {
        ScheduledWork[] dropped;
        lock (_lock)
        {
            dropped = [.. _waiting];
            _waiting.Clear();
            _timer?.Dispose();
            _timer = null;
        }

        foreach (ScheduledWork work in dropped)
        {
            work.Dispose();
        }
    }

    private void QueueDue()
    {
        lock (_lock)
        {
            if (_isQueueing)
            {
                return;
            }

            _isQueueing = true;
        }

        bool isFirst = true;
        try
        {
            while (TryTakeDue(isFirst, out ScheduledWork? work))
            {
                isFirst = false;
                queue(work);
            }
        }
        catch
        {
            // What the evaluator throws as it is told of work does not keep the rest from its time.
            lock (_lock)
            {
                StopQueueing(TimeSpan.Zero);
            }

            throw;
        }
    }

    /// <summary>Takes the work that is due next. If there is none, sets the timer and ends the queueing.</summary>
    private bool TryTakeDue(bool isFirst, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScheduledWork? work)
    {
        lock (_lock)
        {
            work = _waiting.Min;
            if (work is null || work.Due > Elapsed)
            {
                work = null;
                StopQueueing(isFirst ? Tick : TimeSpan.Zero);
                return false;
            }

            _waiting.Remove(work);
            if (work.Period > TimeSpan.Zero)
            {
                work.Due += work.Period;
                _added++;
                work.Sequence = _added;
                _waiting.Add(work);
            }

            return true;
        }
    }

    private void StopQueueing(TimeSpan shortestWait)
    {
        _isQueueing = false;
        Arm(shortestWait);
    }

    /// <summary>Sets the timer for what is due next, or stops it if nothing waits.</summary>
    private void Arm(TimeSpan shortestWait)
    {
        if (_waiting.Min is not { } next)
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        TimeSpan wait = next.Due - Elapsed;
        wait = wait < shortestWait ? shortestWait : wait > LongestWait ? LongestWait : wait;
        _timer ??= MakeTimer();
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes the timer, which serves whoever schedules: it must not keep what belongs to the first of them.</summary>
    private ITimer MakeTimer()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Make();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Make();
        }

        ITimer Make() => time.CreateTimer(static timed => ((TimedWork)timed!).QueueDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
