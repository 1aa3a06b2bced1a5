using System.Diagnostics;
using Signals.Ipc.Guards;

namespace Signals.Ipc.Threading;

/// <summary>
/// One timer for many times that may be over: it is set for the earliest of them. Requesting a time that is not earlier than that of the timer costs one
/// read. Thread-safe; the time provider and the callback are called outside the lock.
/// </summary>
/// <param name="time">The time provider.</param>
/// <param name="onDue">
/// Called when the earliest time is over. Handles all times that are over, and returns the earliest of the others, or <see cref="long.MaxValue"/>.
/// </param>
internal sealed class DueTimer(TimeProvider time, Func<long> onDue) : IDisposable
{
    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>
    /// The time for which the timer is set, or is about to be, in ticks of the time provider. <see cref="long.MaxValue"/> if it is not set.
    /// </summary>
    private long _due = long.MaxValue;

    /// <summary>A value that indicates whether a thread is setting the timer. Only that thread uses <see cref="_timer"/>.</summary>
    private bool _isSetting;

    /// <summary>A value that indicates whether a time was requested for which the timer has not been set.</summary>
    private bool _isRequested;

    private bool _isDisposed;

    /// <summary>The timer, or null until it is first set.</summary>
    private ITimer? _timer;

    /// <summary>Ensures that the callback is called when a time is over.</summary>
    internal void Request(long due)
    {
        // Checked without the lock first: the field becomes later only before the callback examines all times that had been requested.
        if (Volatile.Read(ref _due) <= due)
        {
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (due >= _due || _isDisposed)
            {
                return;
            }

            _due = due;
            _isRequested = true;
            if (_isSetting)
            {
                return;
            }

            _isSetting = true;
        }

        Set();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
            if (_isSetting)
            {
                // The thread that is setting the timer disposes it.
                return;
            }
        }

        _timer?.Dispose();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isRequested || _isSetting || _isDisposed, "A thread sets the timer for a time that was requested.");
    }

    /// <summary>Sets the timer until it is set for the time that was requested last.</summary>
    private void Set()
    {
        while (TryBegin(out long due))
        {
            _timer ??= time.CreateTimer(static state => ((DueTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

            // Rounded up, so that the timer does not repeatedly elapse a moment too early.
            double milliseconds = Math.Ceiling(time.GetElapsedTime(time.GetTimestamp(), due).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, Duration.Longest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Returns the time to set the timer for, or ends the setting if there is none.</summary>
    private bool TryBegin(out long due)
    {
        lock (_lock)
        {
            AssertInvariants();
            due = _due;
            if (_isRequested && !_isDisposed)
            {
                _isRequested = false;
                return true;
            }

            _isSetting = false;
            if (!_isDisposed)
            {
                return false;
            }
        }

        _timer?.Dispose();
        return false;
    }

    private void OnDue()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed)
            {
                return;
            }

            // Before the callback examines the times: one that is requested meanwhile sets the timer.
            _due = long.MaxValue;
        }

        Request(onDue());
    }
}
