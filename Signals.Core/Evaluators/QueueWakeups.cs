namespace Signals;

/// <summary>
/// The callers and the thread that wait until an invocation is queued. While there is one, <see cref="EvaluatorState.Room"/> is zero, so that the
/// next emission finds it. It may be zero for another reason, too. Guarded by the queue's lock, except where documented otherwise.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="queue">The queue.</param>
/// <param name="capacity">The capacity of the queue.</param>
internal sealed class QueueWakeups(ConnectionEvaluator evaluator, InvocationQueue queue, int capacity)
{
    /// <summary>Number of checks for invocations before a thread waits.</summary>
    private const int Checks = 20;

    /// <summary>Duration of the pause between two checks, in iterations of <see cref="Thread.SpinWait"/>: about a microsecond.</summary>
    private const int SpinsBetweenChecks = 30;

    private static readonly bool CanSpin = Environment.ProcessorCount > 1;

    /// <summary>The callers that wait for an invocation, or null if there is none.</summary>
    private InvocationWaiters? _waiters;

    /// <summary>The sleep of the evaluator's own thread, which the next invocation ends, or null while the thread does not sleep.</summary>
    private Sleeper? _sleeper;

    /// <summary>
    /// Checks for invocations for about as long as it takes to wake a thread: the next one usually arrives soon, and then the emitting
    /// thread need not wake this one. Each check takes a cache line from the emitting thread, so between checks there is a pause in which
    /// many invocations can be queued. Called while the lock is not held.
    /// </summary>
    internal void Spin()
    {
        if (!CanSpin)
        {
            return;
        }

        for (int check = 0; check < Checks && queue.SeemsEmpty && !evaluator.IsDisposed; check++)
        {
            Thread.SpinWait(SpinsBetweenChecks);
        }
    }

    /// <summary>Returns the completion of the callers that wait, or null if they need not wait.</summary>
    internal InvocationWaiters? Wait()
    {
        if (evaluator.IsDisposed || queue.PendingCount != 0)
        {
            return null;
        }

        _waiters ??= new InvocationWaiters(evaluator);
        queue.State.Room = 0;
        return _waiters;
    }

    /// <summary>Announces that the evaluator's own thread is about to sleep. Returns false if it need not sleep.</summary>
    internal bool TrySleep(Sleeper sleeper)
    {
        if (evaluator.IsDisposed || queue.PendingCount != 0)
        {
            return false;
        }

        _sleeper = sleeper;
        queue.State.Room = 0;
        return true;
    }

    /// <summary>Removes and returns the waiting callers and the sleeping thread. They are woken after the lock is released: see <see cref="Wake"/>.</summary>
    internal void Take(out InvocationWaiters? waiters, out Sleeper? sleeper)
    {
        waiters = _waiters;
        sleeper = _sleeper;
        _waiters = null;
        _sleeper = null;
        queue.State.Room = evaluator.IsDisposed ? 0 : capacity;
    }

    /// <summary>Wakes the callers and the thread that were removed. Called while the lock is not held.</summary>
    internal void Wake(InvocationWaiters? waiters, Sleeper? sleeper)
    {
        sleeper?.Wake();
        if (waiters is null)
        {
            return;
        }

        try
        {
            waiters.CompleteSoon();
        }
        catch
        {
            PutBack(waiters);
            throw;
        }
    }

    /// <summary>Restores waiters that could not be woken, so that they wait for the next invocation.</summary>
    private void PutBack(InvocationWaiters waiters)
    {
        queue.State.Lock.Enter();
        if (_waiters is { } last)
        {
            while (last.Earlier is { } earlier)
            {
                last = earlier;
            }

            last.Earlier = waiters;
        }
        else
        {
            _waiters = waiters;
        }

        queue.State.Room = 0;
        queue.State.Lock.Exit();
    }
}
