using System.Diagnostics;
using NUnit.Framework;

namespace Signals.Tests.Support;

/// <summary>Waits with a time limit, so that something that does not happen fails a test with a clear message instead of hanging it.</summary>
internal static class Bounded
{
    /// <summary>Time limit that is sufficient even if fifty busy threads share each processor. A test run that hangs is ended after five minutes.</summary>
#if MUTATION
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
#else
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
#endif

    /// <summary>Time limit for processes, which have to be started first.</summary>
    internal static readonly TimeSpan ProcessLimit = TimeSpan.FromSeconds(120);

    /// <summary>Time after which a test that repeats something for as long as it is quick enough has repeated it often enough.</summary>
    internal static readonly TimeSpan Repetition = TimeSpan.FromSeconds(10);

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

    internal static Task Within(this Task task, string what) => task.Within(Limit, what);

    internal static async Task Within(this Task task, TimeSpan limit, string what)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Late(what, limit);
        }
    }

    internal static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await ((Task)task).Within(what);
        return await task;
    }

    internal static Task Within(this ValueTask task, string what) => task.AsTask().Within(what);

    internal static Task<T> Within<T>(this ValueTask<T> task, string what) => task.AsTask().Within(what);

    /// <summary>Blocks the thread until a task ends.</summary>
    internal static T Result<T>(ValueTask<T> task, string what) => task.IsCompletedSuccessfully ? task.Result : Result(task.AsTask(), what);

    /// <summary>Polls a condition for which there is no event.</summary>
    internal static void Until(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, Limit))
        {
            throw Late(what);
        }
    }

    /// <inheritdoc cref="Until"/>
    internal static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(condition, Limit, what);

    /// <inheritdoc cref="Until"/>
    internal static async Task UntilAsync(Func<bool> condition, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > limit)
            {
                throw Late(what, limit);
            }

            await Task.Yield();
        }
    }

    internal static AssertionException Late(string what) => Late(what, Limit);

    private static T Result<T>(Task<T> task, string what) =>
        task.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(Limit) ? task.GetAwaiter().GetResult() : throw Late(what);

    private static AssertionException Late(string what, TimeSpan limit) => new($"Waited {limit.TotalSeconds} s in vain for {what}.");
}
