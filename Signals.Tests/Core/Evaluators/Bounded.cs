namespace Signals.Tests.Core.Evaluators;

/// <summary>Waits with a time limit, which fail with a clear message instead of a test that hangs.</summary>
internal static class Bounded
{
    /// <summary>Time limit that is sufficient even on a heavily loaded machine.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static void Wait(ManualResetEventSlim happened, string what)
    {
        if (!happened.Wait(Limit))
        {
            throw Late(what);
        }
    }

    internal static void Wait(Barrier barrier)
    {
        if (!barrier.SignalAndWait(Limit))
        {
            throw Late("the other threads' arrival at the barrier");
        }
    }

    internal static async Task Wait(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw Late(what);
        }
    }

    /// <summary>Polls a condition for which there is no event.</summary>
    internal static void Until(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, Limit))
        {
            throw Late(what);
        }
    }

    internal static TimeoutException Late(string what) => new($"Waited {Limit.TotalSeconds} s in vain for {what}.");
}
