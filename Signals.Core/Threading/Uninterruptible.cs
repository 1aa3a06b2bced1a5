using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Completes operations even if <see cref="Thread.Interrupt"/> interrupts the thread. The interruption is not lost: it ends the next
/// wait of the thread that may be interrupted.
/// </summary>
internal static class Uninterruptible
{
    /// <summary>Enters an object's monitor, as the <c>lock</c> statement does.</summary>
    /// <param name="gate">The object. Not a <see cref="Lock"/>.</param>
    /// <returns>An object that leaves the monitor when it is disposed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Scope Enter(object gate)
    {
        // Does not wait, so it is not interrupted: a lock that is free, which is nearly always so, costs what the lock statement costs.
        if (!Monitor.TryEnter(gate))
        {
            Run(ref gate, static (ref object contended) => Monitor.Enter(contended));
        }

        return new Scope(gate);
    }

    /// <summary>Repeats an operation until it completes without being interrupted.</summary>
    /// <param name="target">The object that is passed to the operation.</param>
    /// <param name="operation">The operation. It must have changed nothing when it is interrupted.</param>
    /// <typeparam name="T">The type of the target.</typeparam>
    internal static void Run<T>(ref T target, Operation<T> operation)
    {
        bool isInterrupted = false;
        while (true)
        {
            try
            {
                operation(ref target);
                break;
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>Operation on a target that the caller holds.</summary>
    internal delegate void Operation<T>(ref T target);

    /// <summary>Monitor that a thread has entered.</summary>
    internal readonly ref struct Scope(object gate)
    {
        /// <summary>Leaves the monitor.</summary>
        public void Dispose() => Monitor.Exit(gate);
    }
}
