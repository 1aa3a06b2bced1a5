namespace Signals.Systematic.Support;

/// <summary>Runs the threads of a scenario.</summary>
internal static class Threads
{
    /// <summary>Runs all actions concurrently and returns when all have ended. An exception of one fails the scenario.</summary>
    internal static void Run(params Action[] actions)
    {
        // An array and a lambda: Coyote supports neither the overload for spans nor method groups.
        Task[] threads = actions.Select(action => Task.Run(() => action())).ToArray();
        Task.WaitAll(threads);
    }

    /// <summary>Waits for all tasks.</summary>
    internal static Task WhenAll(params Task[] tasks) => Task.WhenAll(tasks);
}
