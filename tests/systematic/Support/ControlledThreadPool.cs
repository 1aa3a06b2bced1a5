namespace Signals.Systematic.Support;

/// <summary>The thread pool as far as the libraries use it: each callback is a task, whose turn the exploration chooses.</summary>
internal static class ControlledThreadPool
{
    /// <summary>The callbacks that have not ended, and one for the scenario itself.</summary>
    private static int _count;

    private static TaskCompletionSource _ended = new();

    /// <summary>Gets zero: no work waits for a thread, since the exploration chooses among all.</summary>
    internal static long PendingWorkItemCount => 0;

    internal static bool QueueUserWorkItem<TState>(Action<TState> callback, TState state, bool preferLocal) =>
        UnsafeQueueUserWorkItem(callback, state, preferLocal);

    internal static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem callback, bool preferLocal)
    {
        _ = preferLocal;
        Run(callback.Execute);
        return true;
    }

    internal static bool UnsafeQueueUserWorkItem<TState>(Action<TState> callback, TState state, bool preferLocal)
    {
        _ = preferLocal;
        Run(() => callback(state));
        return true;
    }

    internal static bool UnsafeQueueUserWorkItem(WaitCallback callback, object? state)
    {
        Run(() => callback(state));
        return true;
    }

    /// <summary>
    /// Runs a scenario, and ends when the callbacks that it has left have ended, too. A schedule that ended while one of them was inside a lock of the whole
    /// process would leave the lock taken for the schedules after it.
    /// </summary>
    internal static async Task RunToEndAsync(Func<Task> scenario)
    {
        _ended = new TaskCompletionSource();
        _count = 1;
        await scenario();
        OnEnded();
        await _ended.Task;
    }

    private static void Run(Action callback)
    {
        Interlocked.Increment(ref _count);
        _ = Task.Run(() =>
        {
            try
            {
                callback();
            }
            finally
            {
                OnEnded();
            }
        });
    }

    private static void OnEnded()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _ended.TrySetResult();
        }
    }
}
