namespace Signals;

// The continuations of asynchronous slots, and the callers that wait until a connection is idle.
public partial class ConnectionEvaluator
{
    /// <summary>The synchronization context of the rounds, or null as long as no asynchronous slot is connected.</summary>
    private EvaluatorContext? _context;

    /// <summary>The entries of continuations, or null. Set with <see cref="_context"/>.</summary>
    private ContinuationSlot? _continuations;

    /// <summary>The callers that wait until a connection is idle, or null. Guarded by the queue's lock.</summary>
    private IdleWait? _idleWaits;

    /// <summary>Gets a reference that does not keep the evaluator alive.</summary>
    internal WeakReference<ConnectionEvaluator> Reference => field ??= new WeakReference<ConnectionEvaluator>(this);

    /// <summary>Gets a value that indicates whether the current thread is evaluating.</summary>
    internal bool IsEvaluatingThread => Volatile.Read(ref _queue.State.EvaluatingThread) == Environment.CurrentManagedThreadId;

    /// <summary>
    /// Makes the rounds install a synchronization context, so that what an asynchronous slot continues with comes back to the evaluator.
    /// </summary>
    internal void EnableContinuations()
    {
        if (Volatile.Read(ref _context) is not null)
        {
            return;
        }

        Interlocked.CompareExchange(ref _continuations, new ContinuationSlot(this), null);
        Interlocked.CompareExchange(ref _context, new EvaluatorContext(this), null);
    }

    /// <summary>Queues a continuation, or runs it on the thread pool if the evaluator has been disposed.</summary>
    internal void Continue(Continuation continuation)
    {
        ContinuationSlot slot = _continuations!;
        InvocationWaiters? waiters = null;
        Sleeper? sleeper = null;
        _queue.State.Lock.Enter();
        bool disposed = _disposed;
        try
        {
            if (!disposed)
            {
                _queue.Add(slot, slot.Store, continuation);
                _queue.Exempt++;
                TakeWaiters(out waiters, out sleeper);
            }
        }
        finally
        {
            _queue.State.Lock.Exit();
        }

        if (disposed)
        {
            continuation.RunOnThreadPool();
            return;
        }

        Wake(waiters, sleeper);
        OnInvocationAdded();
    }

    /// <summary>Returns a task that completes when no invocation of a connection is pending or running.</summary>
    internal Task WhenIdleAsync(ConnectionHandle connection)
    {
        var wait = new IdleWait(connection);
        _queue.State.Lock.Enter();
        bool isBusy = _queue.IsBusy(connection);
        if (isBusy)
        {
            wait.Next = _idleWaits;
            Volatile.Write(ref _idleWaits, wait);
        }

        _queue.State.Lock.Exit();
        if (!isBusy)
        {
            return Task.CompletedTask;
        }

        // The evaluating thread clears its mark and then looks for waits, without a barrier between the two. Either it sees this wait, or this
        // thread sees that the round has ended.
        Interlocked.MemoryBarrierProcessWide();
        CheckIdleWaits();
        return wait.Task;
    }

    /// <summary>Completes the waits for connections that are idle. Called after each change that may make one idle, while no lock is held.</summary>
    private void CheckIdleWaits()
    {
        if (Volatile.Read(ref _idleWaits) is not null)
        {
            CompleteIdleWaits();
        }
    }

    private void CompleteIdleWaits()
    {
        IdleWait? completed = null;
        _queue.State.Lock.Enter();
        IdleWait? wait = _idleWaits;
        _idleWaits = null;
        while (wait is not null)
        {
            IdleWait? next = wait.Next;
            ref IdleWait? list = ref _queue.IsBusy(wait.Connection) ? ref _idleWaits : ref completed;
            wait.Next = list;
            list = wait;
            wait = next;
        }

        _queue.State.Lock.Exit();
        for (; completed is not null; completed = completed.Next)
        {
            completed.TrySetResult();
        }
    }

    /// <summary>Removes the queued continuations, which do not end with the evaluator. Called while the lock is held.</summary>
    private List<Continuation> TakeContinuations() => _continuations is { } slot ? [.. _queue.ArgumentsOf(slot).Select(slot.Store.Take)] : [];
}
