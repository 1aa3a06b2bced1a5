using System.Runtime.CompilerServices;

namespace Signals.Ipc.Threading;

/// <summary>
/// An awaitable that yields to the work items that wait in the thread pool: the continuation is queued behind them. Unlike <see cref="Task.Yield"/>,
/// it ignores a synchronization context that user code may have left on the thread; a forced yield of a completed task would queue it in front.
/// </summary>
internal readonly struct PoolTurn : ICriticalNotifyCompletion
{
    /// <summary>Gets a value that indicates whether the await completes synchronously: always false.</summary>
    public bool IsCompleted => false;

    /// <summary>Returns the awaiter.</summary>
    public PoolTurn GetAwaiter() => this;

    /// <summary>Does nothing: there is no result.</summary>
    public void GetResult() { }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);
}
