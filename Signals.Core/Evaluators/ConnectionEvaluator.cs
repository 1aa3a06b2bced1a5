using System.Diagnostics;

namespace Signals;

/// <summary>
/// Runs the slots of deferred connections: emissions queue invocations, and the thread that calls
/// <see cref="EvaluateDeferredConnections()"/> runs them. This class is evaluated explicitly, for example by a game loop, a test or a main
/// thread; the derived classes evaluate automatically.
/// </summary>
/// <remarks>
/// <para>An evaluator can serve any number of signals; it runs their invocations in the order in which they were queued. All members are
/// thread-safe.</para>
/// <para>The evaluator does not keep signals with deferred connections alive, except while invocations of them are queued.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public partial class ConnectionEvaluator : IDisposable
{
    /// <summary>The value of <see cref="EvaluatorState.EvaluatingThread"/> if no thread is evaluating.</summary>
    internal const int NoThread = 0;

    private readonly InvocationQueue _queue = new(TimeProvider.System);
    private readonly DeferredSlotRegister _register = new();
    private readonly QueueLimit _limit;
    private readonly QueueWakeups _wakeups;

    /// <summary>The place where threads wait for room in the queue, or for the end of a round.</summary>
    private readonly ChangeGate _gate = new();

    private volatile bool _disposed;

    /// <summary>The signal of the disposal, which is created when it is first read. Guarded by the queue's lock.</summary>
    private DisposalSignal _disposal;

    /// <summary>Initializes an evaluator with the default options, whose queue has no limit.</summary>
    public ConnectionEvaluator()
        : this(new ConnectionEvaluatorOptions()) { }

    /// <summary>Initializes an evaluator with the specified options.</summary>
    /// <param name="options">
    /// The options, which specify the capacity of the queue and the behavior when it is full. They are copied. This class does not use
    /// <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public ConnectionEvaluator(ConnectionEvaluatorOptions options)
        : this(options, name: null) { }

    private protected ConnectionEvaluator(ConnectionEvaluatorOptions options, string? name)
    {
        ArgumentNullException.ThrowIfNull(options);
        _limit = new QueueLimit(this, _queue, options);
        _wakeups = new QueueWakeups(this, _queue, _limit.Capacity);
        _idleWaits = new IdleWaits(_queue);
        _queue.State.Room = _limit.Capacity;
        Name = options.Name ?? name;
        BeginMeasuring();
        if (SignalTracker.IsSupported)
        {
            TrackedObjects.Add(this);
        }
    }

    /// <summary>
    /// Gets the number of queued invocations that have not been started, including those that an active evaluation has yet to run.
    /// </summary>
    public int PendingCount
    {
        get
        {
            _queue.State.Lock.Enter();
            int pending = _queue.PendingCount;
            QueuedInvocation[] running = _queue.Running(out int count);
            _queue.State.Lock.Exit();
            return pending + _queue.CountUnstarted(running, count);
        }
    }

    /// <summary>
    /// Gets the number of invocations that were dropped because the queue was full, or because a later value replaced them on a connection
    /// that keeps only the latest value. Invocations that were removed because their connection ended or the evaluator was disposed do not
    /// count.
    /// </summary>
    public long DroppedCount => _limit.Dropped;

    /// <summary>Gets a value that indicates whether the evaluator has been disposed.</summary>
    public bool IsDisposed => _disposed;

    /// <summary>
    /// Gets a signal that is emitted once, on the thread that disposes the evaluator, after all deferred connections have ended. Use it to
    /// release objects that exist only for the evaluator. The signal is disposed afterwards, so connecting to it then throws
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <remarks>
    /// The evaluator keeps the slots that are connected to this signal alive. Use <see cref="WeakConnections"/> for objects whose
    /// lifetime may be shorter than that of the evaluator.
    /// </remarks>
    public ISignal Disposed
    {
        get
        {
            if (_disposal.Known is { } known)
            {
                return known;
            }

            var made = new Signal();
            _queue.State.Lock.Enter();
            Signal ended = _disposal.Get(made, _disposed);
            _queue.State.Lock.Exit();
            return ended;
        }
    }

    /// <summary>
    /// Runs the invocations that are queued at the time of the call, in order, on the calling thread. Invocations that are queued during
    /// the evaluation remain queued until the next call. If another thread is evaluating, this method first waits until that evaluation has
    /// ended.
    /// </summary>
    /// <remarks>
    /// A slot that waits for another thread that evaluates the same evaluator causes a deadlock: that thread waits for the slot.
    /// </remarks>
    /// <returns>
    /// The number of slots that were run. Zero if the method is called from a slot that this evaluator is running, in which case it returns
    /// immediately, or if the evaluator has been disposed.
    /// </returns>
    /// <exception cref="Exception">
    /// A slot threw an exception. This method throws it after the other slots have run: a single exception as it was thrown, several as an
    /// <see cref="AggregateException"/>. If the signal of the slot has a <see cref="SignalOptions.ExceptionHandler"/>, that handler
    /// receives the exception instead.
    /// </exception>
    /// <exception cref="ThreadInterruptedException">
    /// The thread was interrupted while it waited for the evaluation on another thread.
    /// </exception>
    public int EvaluateDeferredConnections()
    {
        InvocationQueue queue = _queue;
        int thread = Environment.CurrentManagedThreadId;
        if (Volatile.Read(ref queue.State.EvaluatingThread) == thread)
        {
            return 0;
        }

        queue.State.Lock.Enter();
        while (Volatile.Read(ref queue.State.EvaluatingThread) != NoThread)
        {
            queue.State.Lock.Exit();
            if (_disposed)
            {
                return 0;
            }

            _gate.WaitForEndOfRound(this, _queue, MayBeInterrupted);
            queue.State.Lock.Enter();
        }

        if (queue.PendingCount == 0)
        {
            queue.State.Lock.Exit();
            return 0;
        }

        queue.State.EvaluatingThread = thread;
        QueuedInvocation[] round = queue.BeginRound(out int count);
        long oldest = Name is null ? 0 : TakeOldest();
        queue.State.Lock.Exit();

        // From here on, the round must be ended even if an exception is thrown.
        EvaluatorContext? context = Volatile.Read(ref _context);
        SynchronizationContext? outer = context?.Install();
        SlotFailures? failures;
        int run;
        try
        {
            _gate.Announce();
            if (oldest != 0)
            {
                MeasureLag(oldest);
            }

            failures = Round.Run(queue, round, count);
            run = count - queue.State.Skipped;
        }
        finally
        {
            if (context is not null)
            {
                SynchronizationContext.SetSynchronizationContext(outer);
            }

            EndRound(queue);
        }

        failures?.ThrowIfAny(GetType().Name);
        return run;
    }

    /// <summary>Queues an action, in order with the invocations of deferred slots. The action runs once, in the next evaluation.</summary>
    /// <remarks>
    /// Use this method for work that must not be lost, such as a completion. The <see cref="ConnectionEvaluatorOptions.Capacity"/> does not
    /// apply to the action: it is queued even if the queue is full, it is not dropped in favor of another invocation, and this method never
    /// waits. <see cref="PendingCount"/> includes the action. The evaluation throws the exceptions of the action, like those of a slot. If
    /// the evaluator is disposed before the action has started, the action does not run; if it has already been disposed, this method does
    /// nothing.
    /// </remarks>
    /// <param name="action">The action.</param>
    /// <returns>An object that, if disposed before the action has started, removes the action from the queue.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var posted = new PostedAction(this, action);
        posted.Queue();
        return posted;
    }

    /// <summary>Waits asynchronously until an invocation is queued.</summary>
    /// <remarks>
    /// If the queue is empty, this method first checks it repeatedly on the calling thread for some microseconds, which costs less than
    /// waking a waiter.
    /// </remarks>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when an invocation is queued, and is already completed if there is one.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed, or is disposed during the wait.</exception>
    public ValueTask WaitForInvocationsAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        _wakeups.Spin();
        _queue.State.Lock.Enter();
        bool disposed = _disposed;
        InvocationWaiters? queued = null;
        try
        {
            queued = _wakeups.Wait();
        }
        finally
        {
            _queue.State.Lock.Exit();
        }

        return disposed ? ValueTask.FromException(DisposedException())
            : queued is null ? ValueTask.CompletedTask
            : new ValueTask(queued.Task.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Disposes the evaluator: removes all queued invocations, ends all connections that are deferred on it, and ends the waits of callers.
    /// Does not wait for a slot that is running. The signals of the connections can still be emitted. Further calls do nothing.
    /// </summary>
    /// <exception cref="Exception">A slot of <see cref="Disposed"/> threw an exception. It is rethrown after the disposal.</exception>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the evaluator's type and the number of its pending invocations, for logs and debuggers.</summary>
    /// <returns>A description of the evaluator.</returns>
    public override string ToString() => _disposed ? $"{GetType().Name} (disposed)" : $"{GetType().Name} ({PendingCount} pending)";

    /// <summary>
    /// Called after each invocation that was queued, on the thread that emitted, while no lock of this library is held. An override
    /// arranges for <see cref="EvaluateDeferredConnections()"/> to be called soon. Its exceptions propagate to the emitter like those of a
    /// slot. The base implementation does nothing.
    /// </summary>
    protected virtual void OnInvocationAdded() { }

    /// <summary>Disposes the evaluator. An override stops its means of evaluation and calls this method.</summary>
    /// <param name="disposing">Always <see langword="true"/>: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _queue.State.Lock.Enter();
        bool first = !_disposed;
        _disposed = true;
        List<Continuation> continuations = TakeContinuations();
        _queue.Clear();
        _wakeups.Take(out InvocationWaiters? waiters, out Sleeper? sleeper);
        Signal? ended = _disposal.Known;
        _queue.State.Lock.Exit();
        _gate.Announce();
        EndMeasuring();
        continuations.ForEach(static continuation => continuation.RunOnThreadPool());
        while (_register.TryTakeFirst(out DeferredSlot? slot))
        {
            slot.Handle.Disconnect();
        }

        _idleWaits.Check();

        try
        {
            _wakeups.Wake(waiters, sleeper);
        }
        finally
        {
            if (first)
            {
                DisposalSignal.Emit(ended);
            }
        }
    }

    /// <summary>
    /// Evaluates like <see cref="EvaluateDeferredConnections()"/>, and passes exceptions of slots to a handler, if there is one.
    /// </summary>
    internal void EvaluateDeferredConnections(Action<Exception>? exceptionHandler)
    {
        try
        {
            EvaluateDeferredConnections();
        }
        catch (Exception exception) when (exceptionHandler is not null)
        {
            exceptionHandler(exception);
        }
    }

    /// <summary>Queues an invocation. Returns whether it was queued.</summary>
    internal bool Enqueue<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        InvocationQueue queue = _queue;
        queue.State.Lock.Enter();
        if (slot.IsAlwaysQueued && !slot.HasEnded && queue.PendingCount < queue.State.Room && queue.TryAdd(slot, store, arguments))
        {
            queue.State.Lock.Exit();
        }
        else if (!EnqueueSlow(slot, store, arguments))
        {
            return false;
        }

        OnInvocationAdded();
        return true;
    }

    /// <summary>Creates the exception for an operation on a disposed evaluator.</summary>
    internal ObjectDisposedException DisposedException() => new(GetType().Name, $"This {GetType().Name} has been disposed and runs no further slots.");

    /// <summary>
    /// Called when an emission adds no invocation, or waits for room, while invocations are pending. Called on the thread that emits, while
    /// no lock is held. An override ensures that the invocations are evaluated.
    /// </summary>
    private protected virtual void OnInvocationsWaiting() { }

    /// <summary>
    /// Gets a value that indicates whether a thread may be interrupted while it waits for another thread's evaluation. False for the
    /// threads of evaluators that evaluate automatically.
    /// </summary>
    private protected virtual bool MayBeInterrupted => true;

    /// <summary>
    /// Blocks the calling thread until an invocation is queued. Only one thread may call this method. Returns false if the evaluator has
    /// been disposed.
    /// </summary>
    private protected bool WaitForInvocations(Sleeper sleeper)
    {
        _wakeups.Spin();
        _queue.State.Lock.Enter();
        bool sleeps = _wakeups.TrySleep(sleeper);
        _queue.State.Lock.Exit();
        if (sleeps)
        {
            sleeper.Sleep();
        }

        return !_disposed;
    }

    /// <summary>
    /// Queues an invocation in all cases that the fast path does not handle. Returns whether it was queued. Called while the lock is held,
    /// and releases it.
    /// </summary>
    private bool EnqueueSlow<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        InvocationWaiters? waiters = null;
        Sleeper? sleeper = null;
        bool isAdded;
        bool isPending;
        (DeferredSlot Slot, object Invocation)? dropped = null;
        try
        {
            isAdded = _limit.MayAdd(slot, store, arguments);
            if (isAdded)
            {
                OnAdding();
                _queue.Add(slot, store, arguments);

                // Not earlier: adding may fail, and then the next emission must try again.
                slot.IsShot = true;
                _wakeups.Take(out waiters, out sleeper);
            }

            isPending = _queue.PendingCount > 0;
            dropped = _queue.Removal.TakeDropped();
        }
        finally
        {
            _queue.State.Lock.Exit();
        }

        dropped?.Slot.OnDropped(dropped.Value.Invocation);
        _idleWaits.Check();

        if (isAdded)
        {
            _wakeups.Wake(waiters, sleeper);
        }
        else if (isPending)
        {
            OnInvocationsWaiting();
        }

        return isAdded;
    }

    private void EndRound(InvocationQueue queue)
    {
        if (queue.EndRound())
        {
            Shrink();
        }

        Volatile.Write(ref queue.State.EvaluatingThread, NoThread);

        // No barrier is needed between the two: a thread that waits for the end issues a process-wide one.
        _gate.Announce();
        _idleWaits.Check();
    }

    private void Shrink()
    {
        _queue.State.Lock.Enter();
        _queue.Shrink();
        _queue.State.Lock.Exit();
    }
}
