using System.Diagnostics;
using NUnit.Framework;

namespace Signals.Tests.Ipc.Support;

/// <summary>Bounds every wait, so that what does not happen fails a test instead of hanging it.</summary>
internal static class Limit
{
    internal static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    /// <summary>For what another process does, which has to be started first.</summary>
    internal static readonly TimeSpan ProcessTime = TimeSpan.FromSeconds(60);

    internal static async Task<T> Within<T>(this Task<T> task, string what)
    {
        await ((Task)task).Within(what);
        return await task;
    }

    internal static Task Within(this Task task, string what) => task.Within(Time, what);

    internal static async Task Within(this Task task, TimeSpan time, string what)
    {
        try
        {
            await task.WaitAsync(time);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"{what} did not happen within {time.TotalSeconds} s");
        }
    }

    internal static Task Within(this ValueTask task, string what) => task.AsTask().Within(what);

    internal static Task<T> Within<T>(this ValueTask<T> task, string what) => task.AsTask().Within(what);

    /// <summary>Waits for something that nothing tells of.</summary>
    internal static Task Until(Func<bool> condition, string what) => Until(condition, Time, what);

    /// <summary>Waits for something that nothing tells of.</summary>
    internal static async Task Until(Func<bool> condition, TimeSpan time, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(time), $"{what} did not happen in time");
            await Task.Yield();
        }
    }
}
