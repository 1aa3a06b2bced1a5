namespace Signals;

/// <summary>Makes one thread sleep until another one wakes it. <see cref="Thread.Interrupt"/> neither wakes it nor makes it miss a wake-up.</summary>
internal sealed class Sleeper
{
    /// <summary>Number of checks, with increasing pauses, before the thread sleeps.</summary>
    private static readonly int Looks = Environment.ProcessorCount > 1 ? 140 : 1;

    private readonly object _gate = new();

    /// <summary>Indicates whether the thread has been woken since it slept last. Cleared by the thread that sleeps.</summary>
    private volatile bool _isAwake;

    /// <summary>
    /// Blocks the calling thread, which is the only one to call this, until <see cref="Wake"/> is called, if it has not been already.
    /// </summary>
    internal void Sleep()
    {
        while (!_isAwake)
        {
            try
            {
                SleepOrThrow();
            }
            catch (ThreadInterruptedException)
            {
                // Meant for a slot that has returned meanwhile. The thread has nothing else that could be interrupted.
            }
        }

        _isAwake = false;
    }

    /// <summary>Wakes the thread, or keeps it from sleeping next time.</summary>
    internal void Wake()
    {
        using (Uninterruptible.Enter(_gate))
        {
            _isAwake = true;
            Monitor.Pulse(_gate);
        }
    }

    private void SleepOrThrow()
    {
        var spin = new SpinWait();
        while (spin.Count < Looks)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (_isAwake)
            {
                return;
            }
        }

        lock (_gate)
        {
            while (!_isAwake)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}
