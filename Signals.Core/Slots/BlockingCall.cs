using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>One invocation for whose end an emission waits. The object is also the monitor on which it waits.</summary>
/// <param name="arguments">The arguments of the emission.</param>
internal sealed class BlockingCall<TArguments>(TArguments arguments)
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>Indicates whether the evaluator has begun the slot.</summary>
    private bool _hasBegun;

    /// <summary>Indicates whether the slot has ended or the invocation has been given up.</summary>
    private bool _isOver;

    /// <summary>The exception of the slot, or null.</summary>
    private Exception? _failure;

    /// <summary>Runs the slot on the evaluating thread, unless the invocation has been given up. Returns whether it was run. Does not throw.</summary>
    internal bool TryRun(Delegate slot)
    {
        using (Uninterruptible.Enter(this))
        {
            if (_isOver)
            {
                return false;
            }

            _hasBegun = true;
        }

        try
        {
            arguments.Invoke(slot);
        }
        catch (Exception exception)
        {
            _failure = exception;
        }

        using (Uninterruptible.Enter(this))
        {
            End();
        }

        return true;
    }

    /// <summary>Gives up the invocation if the slot has not begun.</summary>
    internal void GiveUp()
    {
        using (Uninterruptible.Enter(this))
        {
            if (!_hasBegun)
            {
                End();
            }
        }
    }

    /// <summary>Waits until the slot has ended or the invocation has been given up. Throws what the slot has thrown.</summary>
    /// <exception cref="ThreadInterruptedException">The thread was interrupted before the slot had begun.</exception>
    internal void Wait()
    {
        try
        {
            WaitOrThrow();
        }
        catch (ThreadInterruptedException)
        {
            GiveUp();
            if (!_hasBegun)
            {
                throw;
            }

            BlockingCall<TArguments> call = this;
            Uninterruptible.Run(ref call, static (ref BlockingCall<TArguments> begun) => begun.WaitOrThrow());
            Thread.CurrentThread.Interrupt();
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void WaitOrThrow()
    {
        lock (this)
        {
            while (!_isOver)
            {
                Monitor.Wait(this);
            }
        }
    }

    private void End()
    {
        _isOver = true;
        Monitor.PulseAll(this);
    }
}
