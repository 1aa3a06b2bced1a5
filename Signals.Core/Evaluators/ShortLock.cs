using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// A lock for a few instructions, at half the cost of <see cref="SpinLock"/> when it is free, which is nearly always. A thread that finds it taken
/// spins, then yields. <see cref="Thread.Interrupt"/> does not keep a thread out of it. Not re-entrant. Nothing that blocks may run inside, and code
/// that can throw only if the lock is released nevertheless.
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
            EnterContended();
        }
    }

    internal void Exit() => Volatile.Write(ref _state, Free);

    // Yielding is a wait that can be interrupted.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterContended() => Uninterruptible.Run(ref this, static (ref ShortLock contended) => contended.Contend());

    private void Contend()
    {
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce(sleep1Threshold: -1);
        } while (Volatile.Read(ref _state) != Free || Interlocked.CompareExchange(ref _state, Taken, Free) != Free);
    }
}
