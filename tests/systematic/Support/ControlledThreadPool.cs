namespace Signals.Systematic.Support;

/// <summary>The thread pool as far as the libraries use it: each callback is a task, whose turn the exploration chooses.</summary>
internal static class ControlledThreadPool
{
    /// <summary>Gets zero: no work waits for a thread, since the exploration chooses among all.</summary>
    internal static long PendingWorkItemCount => 0;

    internal static bool QueueUserWorkItem<TState>(Action<TState> callback, TState state, bool preferLocal) =>
        UnsafeQueueUserWorkItem(callback, state, preferLocal);

    internal static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem callback, bool preferLocal)
    {
        _ = preferLocal;
        _ = Task.Run(callback.Execute);
        return true;
    }

    internal static bool UnsafeQueueUserWorkItem<TState>(Action<TState> callback, TState state, bool preferLocal)
    {
        _ = preferLocal;
        _ = Task.Run(() => callback(state));
        return true;
    }

    internal static bool UnsafeQueueUserWorkItem(WaitCallback callback, object? state)
    {
        _ = Task.Run(() => callback(state));
        return true;
    }
}
