namespace Signals.Ipc.Threading;

/// <summary>
/// Threads of the library, which read in the place of threads of the pool that user code blocks. Thereby, a connection blocks at most one thread of
/// the pool, and needs none meanwhile.
/// </summary>
internal static class ReaderThreads
{
    /// <summary>
    /// The maximum number of threads, which limits what clients can claim by calls that block. Beyond it, the pool provides the threads, slowly.
    /// </summary>
    private const int MaxCount = 128;

    /// <summary>The number of threads.</summary>
    private static int count;

    [ThreadStatic]
    private static bool isCurrent;

    /// <summary>Gets a value that indicates whether the current thread is one of these.</summary>
    internal static bool IsCurrent => isCurrent;

    /// <summary>Runs an action on a thread of its own, without the caller's execution context, or on the thread pool if there are too many threads.</summary>
    internal static void Run(Action action)
    {
        if (Interlocked.Increment(ref count) <= MaxCount)
        {
            try
            {
                new Thread(() => RunHere(action)) { IsBackground = true, Name = "Signals.Ipc: reader" }.UnsafeStart();
                return;
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // The system has no thread left.
            }
        }

        Interlocked.Decrement(ref count);
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), action, preferLocal: false);
    }

    private static void RunHere(Action action)
    {
        isCurrent = true;
        try
        {
            action();
        }
        finally
        {
            Interlocked.Decrement(ref count);
        }
    }
}
