using System.Runtime.CompilerServices;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Awaited to let the thread pool's waiting work run first: the continuation is queued behind it. Unlike <see cref="Task.Yield"/> it ignores a
/// synchronization context that user code may have left on the thread; a forced yield of a completed task would put it in front.
/// </summary>
internal readonly struct PoolTurn : ICriticalNotifyCompletion
{
    /// <summary>Gets a value that indicates whether the turn has come: never before it was waited for.</summary>
    public bool IsCompleted => false;

    /// <summary>Returns what is awaited.</summary>
    public PoolTurn GetAwaiter() => this;

    /// <summary>Does nothing: the turn has come.</summary>
    public void GetResult() { }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) =>
        ThreadPool.QueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);
}
