using System.Runtime.ExceptionServices;

namespace Signals.Tests.Support;

/// <summary>Thread of a test. Its exceptions fail the test that joins it.</summary>
internal sealed class Worker
{
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    internal Worker(Action body)
    {
        _thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
        };
        _thread.Start();
    }

    internal bool IsRunning => _thread.IsAlive;

    internal bool IsBlocked => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

    internal void Join()
    {
        if (!_thread.Join(Bounded.Limit))
        {
            throw Bounded.Late("a thread's end");
        }

        _failure?.Throw();
    }

    internal void WaitUntilBlocked() => Bounded.Until(() => IsBlocked, "a thread to block");

    /// <summary>Starts all actions at the same time, each on a thread of its own, and returns when all have ended.</summary>
    internal static void RunAll(params Action[] actions)
    {
        using var start = new Barrier(actions.Length);
        Worker[] workers =
        [
            .. actions.Select(action => new Worker(() =>
            {
                Bounded.Wait(start);
                action();
            })),
        ];
        Array.ForEach(workers, worker => worker.Join());
    }
}
