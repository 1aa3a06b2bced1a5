namespace Signals;

/// <summary>
/// Task source for callers of <see cref="ConnectionEvaluator.WaitForInvocationsAsync"/>. Completed on the thread pool: that can fail only before
/// anything has changed, and the emitting thread is not made to run continuations.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
internal sealed class InvocationWaiters(ConnectionEvaluator evaluator)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IThreadPoolWorkItem
{
    /// <summary>Earlier callers, whose completion has failed and is due with this one. Guarded by the evaluator.</summary>
    internal InvocationWaiters? Earlier { get; set; }

    /// <summary>Completes the wait of the callers.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for that. They still wait.</exception>
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
            // A caller may have been cancelled meanwhile: then the exception remains unobserved, as it should.
            _ = Task.Exception;
        }
    }
}
