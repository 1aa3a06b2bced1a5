using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Completes operations even if <see cref="Thread.Interrupt"/> interrupts the thread. The interruption is not lost: it ends the next
/// interruptible wait of the thread.
/// </summary>
internal static class Uninterruptible
{
    /// <summary>Enters an object's monitor, as the <c>lock</c> statement does.</summary>
    /// <param name="gate">The object, which must not be a <see cref="Lock"/>.</param>
    /// <returns>An object that leaves the monitor when it is disposed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Scope Enter(object gate)
    {
        // Does not wait, so it is not interrupted: a free lock, which is nearly always the case, costs as much as with the lock statement.
        if (!Monitor.TryEnter(gate))
        {
            Run(ref gate, static (ref object contended) => Monitor.Enter(contended));
        }

        return new Scope(gate);
    }

    /// <summary>Repeats an operation until it completes without being interrupted.</summary>
    /// <param name="target">The object that is passed to the operation.</param>
    /// <param name="operation">The operation. It must not have changed any state when it is interrupted.</param>
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

    /// <summary>Represents an operation on a target that the caller provides.</summary>
    internal delegate void Operation<T>(ref T target);

    /// <summary>Scope in which a thread holds a monitor.</summary>
    internal readonly ref struct Scope(object gate)
    {
        /// <summary>Leaves the monitor.</summary>
        public void Dispose() => Monitor.Exit(gate);
    }
}
