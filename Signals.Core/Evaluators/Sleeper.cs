namespace Signals;

/// <summary>
/// Blocks one thread until another one wakes it. <see cref="Thread.Interrupt"/> does not wake the thread and does not cause it to miss a
/// wake-up.
/// </summary>
internal sealed class Sleeper
{
    /// <summary>Number of checks, with increasing pauses, before the thread sleeps.</summary>
    private static readonly int Checks = Environment.ProcessorCount > 1 ? 140 : 1;

    private readonly object _gate = new();

    /// <summary>Indicates whether the thread has been woken since its last sleep. Cleared by the thread that sleeps.</summary>
    private volatile bool _isAwake;

    /// <summary>
    /// Blocks the calling thread until <see cref="Wake"/> is called, or returns immediately if it has been called since the last sleep. Only
    /// one thread may call this method.
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
                // The interruption was intended for a slot that has returned meanwhile: the thread runs no other user code.
            }
        }

        _isAwake = false;
    }

    /// <summary>Wakes the thread, or makes its next call of <see cref="Sleep"/> return immediately.</summary>
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
        while (spin.Count < Checks)
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
