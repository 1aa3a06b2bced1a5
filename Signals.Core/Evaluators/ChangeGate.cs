namespace Signals;

/// <summary>
/// The place where threads wait for a change of an evaluator: room in its queue, or the end of a round. The object is its own monitor.
/// </summary>
internal sealed class ChangeGate
{
    /// <summary>Number of threads that wait or are about to wait.</summary>
    private int _waiting;

    /// <summary>Number of changes for which a thread may wait.</summary>
    private int _changes;

    /// <summary>
    /// Wakes the waiting threads, which then check their conditions. Called while the queue's lock is not held, after any change for which one of
    /// them may wait.
    /// </summary>
    internal void Announce()
    {
        if (Volatile.Read(ref _waiting) != 0)
        {
            Open();
        }
    }

    /// <summary>Counts the calling thread, which checks its condition afterwards. It must call <see cref="Leave"/>.</summary>
    /// <returns>The number of changes so far, for <see cref="Wait"/>.</returns>
    internal int Approach()
    {
        Interlocked.Increment(ref _waiting);
        return Volatile.Read(ref _changes);
    }

    /// <summary>Ends the count of the calling thread.</summary>
    internal void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>Blocks the calling thread until there is a change after those that it has already seen.</summary>
    /// <exception cref="ThreadInterruptedException">The thread was interrupted.</exception>
    internal void Wait(int seen)
    {
        lock (this)
        {
            while (_changes == seen)
            {
                Monitor.Wait(this);
            }
        }
    }

    /// <summary>Waits until the thread that is evaluating has ended its round. Called while the queue's lock is not held.</summary>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="mayBeInterrupted">False if an interruption does not end the wait.</param>
    internal void WaitForEndOfRound(ConnectionEvaluator evaluator, InvocationQueue queue, bool mayBeInterrupted)
    {
        if (mayBeInterrupted)
        {
            WaitForEndOfRound(evaluator, queue);
            return;
        }

        (ChangeGate Gate, ConnectionEvaluator Evaluator, InvocationQueue Queue) wait = (this, evaluator, queue);
        Uninterruptible.Run(
            ref wait,
            static (ref (ChangeGate Gate, ConnectionEvaluator Evaluator, InvocationQueue Queue) busy) =>
                busy.Gate.WaitForEndOfRound(busy.Evaluator, busy.Queue)
        );
    }

    private void WaitForEndOfRound(ConnectionEvaluator evaluator, InvocationQueue queue)
    {
        int seen = Approach();
        try
        {
            // The evaluating thread clears its mark and then checks for waiting threads, without a barrier between the two, because hardly
            // any evaluation needs one. This issues a barrier on all threads: either that thread sees that this one waits, or this one sees
            // that the round has ended.
            Interlocked.MemoryBarrierProcessWide();
            if (Volatile.Read(ref queue.State.EvaluatingThread) != ConnectionEvaluator.NoThread && !evaluator.IsDisposed)
            {
                Wait(seen);
            }
        }
        finally
        {
            Leave();
        }
    }

    private void Open()
    {
        using (Uninterruptible.Enter(this))
        {
            _changes++;
            Monitor.PulseAll(this);
        }
    }
}
