using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>Runs code on dedicated threads with a time limit, so that a deadlock fails a test instead of hanging it.</summary>
internal static class Workers
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Starts all actions at the same time and returns when all have ended. Throws their exceptions.</summary>
    internal static void Run(params Action[] actions)
    {
        using var start = new Barrier(actions.Length);
        var failures = new List<Exception>();
        Thread[] threads = [.. actions.Select(action => new Thread(() => RunOne(action)) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        bool ended = threads.All(thread => thread.Join(Limit));
        if (!ended)
        {
            throw new TimeoutException($"A thread did not end within {Limit.TotalSeconds} s: it is deadlocked.");
        }

        if (failures.Count != 0)
        {
            throw new AggregateException(failures);
        }

        void RunOne(Action action)
        {
            try
            {
                start.SignalAndWait();
                action();
            }
            catch (Exception exception)
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
        }
    }

    /// <summary>Waits until another thread sets an event.</summary>
    internal static void Await(ManualResetEventSlim done, string what) => Assert.That(done.Wait(Limit), Is.True, $"{what} did not happen in time");
}
