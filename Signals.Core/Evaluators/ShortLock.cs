namespace Signals;

/// <summary>
/// A lock for a few instructions, at half the cost of <see cref="SpinLock"/> when it is free, which is nearly always. Whoever finds it taken spins, then
/// yields, and never sleeps: a sleep could be interrupted, in the middle of what must be done to its end. Not re-entrant. Nothing that can throw or block may run inside.
/// </summary>
internal struct ShortLock
{
    private const int Free = 0;
    private const int Taken = 1;

    private int _state;

    internal void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Taken, Free) != Free)
        {
            Contend();
        }
    }

    internal void Exit() => Volatile.Write(ref _state, Free);

    private void Contend()
    {
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
        } while (Volatile.Read(ref _state) != Free || Interlocked.CompareExchange(ref _state, Taken, Free) != Free);
    }
}
