using System.Runtime.ExceptionServices;

namespace Signals.Tests.Core.Evaluators;

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

    internal static void RunAll(params Action[] bodies)
    {
        var workers = bodies.Select(body => new Worker(body)).ToList();
        foreach (Worker worker in workers)
        {
            worker.Join();
        }
    }
}
