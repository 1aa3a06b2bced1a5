namespace Signals;

/// <summary>
/// Task source for callers of <see cref="ConnectionEvaluator.WaitForInvocationsAsync"/>. It is completed on the thread pool, because
/// queueing work there can fail only before any state has changed, and because the emitting thread must not run continuations.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
internal sealed class InvocationWaiters(ConnectionEvaluator evaluator)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
        IThreadPoolWorkItem
{
    /// <summary>Gets or sets earlier callers whose completion failed and is repeated with this one. Guarded by the evaluator.</summary>
    internal InvocationWaiters? Earlier { get; set; }

    /// <summary>Completes the wait of the callers on the thread pool.</summary>
    /// <exception cref="OutOfMemoryException">There is not enough memory. The callers still wait.</exception>
    internal void CompleteSoon() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);

    void IThreadPoolWorkItem.Execute()
    {
        for (InvocationWaiters? waiters = this; waiters is not null; waiters = waiters.Earlier)
        {
            waiters.Complete();
        }
    }

    private void Complete()
    {
        if (!evaluator.IsDisposed)
        {
            TrySetResult();
        }
        else if (TrySetException(evaluator.DisposedException()))
        {
            // Marks the exception as observed: a caller whose wait was canceled meanwhile does not observe it.
            _ = Task.Exception;
        }
    }
}
