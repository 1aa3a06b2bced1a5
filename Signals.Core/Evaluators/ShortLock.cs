using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Lock for sections of a few instructions. If it is free, which is nearly always the case, entering costs half as much as with
/// <see cref="SpinLock"/>. If it is taken, the thread spins and then yields. <see cref="Thread.Interrupt"/> does not prevent a thread from
/// entering. Not reentrant. Code inside the lock must not block, and must release the lock if it throws.
/// </summary>
internal struct ShortLock
{
    private const int Free = 0;
    private const int Taken = 1;

    private int _state;

    /// <summary>Gets a value that indicates whether a thread is inside the lock.</summary>
    internal readonly bool IsTaken => Volatile.Read(in _state) != Free;

    internal void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Taken, Free) != Free)
        {
            EnterContended();
        }
    }

    internal void Exit() => Volatile.Write(ref _state, Free);

    /// <summary>Releases the lock with a full barrier: earlier writes are visible to all threads before later reads.</summary>
    internal void ExitVisibly() => Interlocked.Exchange(ref _state, Free);

    // A thread that yields can be interrupted.
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
