namespace Signals;

// The side of the evaluator that its slots use: their registration and end, continuations, and callers that wait until a connection is idle.
public partial class ConnectionEvaluator
{
    /// <summary>The synchronization context of the rounds, or null as long as no asynchronous slot is connected.</summary>
    private EvaluatorContext? _context;

    /// <summary>The entries of continuations, or null. Set with <see cref="_context"/>.</summary>
    private ContinuationSlot? _continuations;

    /// <summary>The callers that wait until a connection is idle.</summary>
    private readonly IdleWaits _idleWaits;

    /// <summary>Gets a reference that does not keep the evaluator alive.</summary>
    internal WeakReference<ConnectionEvaluator> Reference => field ??= new WeakReference<ConnectionEvaluator>(this);

    /// <summary>Gets a value that indicates whether the current thread is evaluating.</summary>
    internal bool IsEvaluatingThread => Volatile.Read(ref _queue.State.EvaluatingThread) == Environment.CurrentManagedThreadId;

    /// <summary>Returns the store for arguments of a type.</summary>
    internal ArgumentStore<T> StoreOf<T>()
    {
        _queue.State.Lock.Enter();
        try
        {
            return _queue.StoreOf<T>();
        }
        finally
        {
            _queue.State.Lock.Exit();
        }
    }

    /// <summary>Adds the slot of a new connection to the register.</summary>
    internal void Register(DeferredSlot slot)
    {
        _register.Add(slot);
        if (_disposed)
        {
            _register.Remove(slot);
            throw DisposedException();
        }
    }

    /// <summary>Removes a slot whose connection has ended from the register.</summary>
    internal void Unregister(DeferredSlot slot)
    {
        _register.Remove(slot);
        _idleWaits.Check();
    }

    /// <summary>
    /// Removes the queued invocations of a slot whose connection has ended; no further ones are queued. Called while the signal's lock is
    /// held. Does not fail and does not run user code.
    /// </summary>
    internal void End(DeferredSlot slot)
    {
        _queue.State.Lock.Enter();
        _queue.Removal.Remove(slot);
        OnRemoved();
        _queue.State.Lock.Exit();
        _gate.Announce();
    }

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
                OnAdding();
                _queue.Add(slot, slot.Store, continuation);
                _queue.Exempt++;
                _wakeups.Take(out waiters, out sleeper);
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

        _wakeups.Wake(waiters, sleeper);
        OnInvocationAdded();
    }

    /// <summary>Releases the queue's lock, waits for a change, and acquires the lock again.</summary>
    internal void WaitForChange()
    {
        // Counted while the lock is held: a thread that makes the change later, inside the lock, sees that this thread waits.
        int seen = _gate.Approach();
        _queue.State.Lock.Exit();
        try
        {
            OnInvocationsWaiting();
            _gate.Wait(seen);
        }
        finally
        {
            _gate.Leave();
            _queue.State.Lock.Enter();
        }
    }

    /// <summary>Returns a task that completes when no invocation of a connection is pending or running.</summary>
    internal Task WhenIdleAsync(ConnectionHandle connection) => _idleWaits.Add(connection);

    /// <summary>Removes the queued continuations, which do not end with the evaluator. Called while the lock is held.</summary>
    private List<Continuation> TakeContinuations() => _continuations is { } slot ? [.. _queue.ArgumentsOf(slot).Select(slot.Store.Take)] : [];
}
