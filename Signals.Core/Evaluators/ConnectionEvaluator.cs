using System.Diagnostics;
using System.Threading.Channels;

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
    private const int NoThread = 0;

    /// <summary>Number of checks for invocations before a thread waits.</summary>
    private const int Checks = 20;

    /// <summary>Duration of the pause between two checks, in iterations of <see cref="Thread.SpinWait"/>: about a microsecond.</summary>
    private const int SpinsBetweenChecks = 30;

    private static readonly bool CanSpin = Environment.ProcessorCount > 1;

    /// <summary>The value of <see cref="Disposed"/> if it is first read after the evaluator has been disposed.</summary>
    private static readonly Signal DisposedSignal = CreateDisposedSignal();

    private readonly InvocationQueue _queue = new(TimeProvider.System);
    private readonly DeferredSlotRegister _register = new();
    private readonly int _capacity;
    private readonly BoundedChannelFullMode _fullMode;

    /// <summary>The monitor on which threads wait until <see cref="_changes"/> increases.</summary>
    private readonly object _gate = new();

    /// <summary>Number of threads that wait at the gate.</summary>
    private int _waiting;

    /// <summary>Number of changes for which a thread at the gate may wait.</summary>
    private int _changes;

    /// <summary>The callers that wait for an invocation, or null if there is none. Guarded by the queue's lock.</summary>
    private InvocationWaiters? _queued;

    /// <summary>
    /// The sleep of the evaluator's own thread, which the next invocation ends, or null while the thread does not sleep. Guarded by the
    /// queue's lock.
    /// </summary>
    private Sleeper? _sleeper;

    /// <summary>
    /// Number of invocations that were dropped because the queue was full or a later value replaced them. Guarded by the queue's lock.
    /// </summary>
    private long _dropped;

    private volatile bool _disposed;

    /// <summary>The value of <see cref="Disposed"/>, or null until it is first read. Written while the queue's lock is held.</summary>
    private Signal? _disposedSignal;

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
    {
        ArgumentNullException.ThrowIfNull(options);
        _capacity = options.Capacity ?? int.MaxValue;
        _fullMode = options.FullMode;
        _queue.State.Room = _capacity;
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
    public long DroppedCount => Volatile.Read(ref _dropped);

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
            if (Volatile.Read(ref _disposedSignal) is { } known)
            {
                return known;
            }

            var made = new Signal();
            _queue.State.Lock.Enter();
            Signal ended = _disposedSignal ??= _disposed ? DisposedSignal : made;
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

            WaitForEndOfRound();
            queue.State.Lock.Enter();
        }

        if (queue.PendingCount == 0)
        {
            queue.State.Lock.Exit();
            return 0;
        }

        queue.State.EvaluatingThread = thread;
        QueuedInvocation[] round = queue.BeginRound(out int count);
        queue.State.Lock.Exit();

        // From here on, the round must be ended even if an exception is thrown.
        EvaluatorContext? context = Volatile.Read(ref _context);
        SynchronizationContext? outer = context?.Install();
        SlotFailures? failures;
        int run;
        try
        {
            AnnounceChange();
            failures = Run(queue, round, count);
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

        SpinForInvocations();
        _queue.State.Lock.Enter();
        bool disposed = _disposed;
        InvocationWaiters? queued = null;
        try
        {
            if (!disposed && _queue.PendingCount == 0)
            {
                queued = _queued ??= new InvocationWaiters(this);
                _queue.State.Room = 0;
            }
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
        TakeWaiters(out InvocationWaiters? waiters, out Sleeper? sleeper);
        Signal? ended = _disposedSignal;
        _queue.State.Lock.Exit();
        AnnounceChange();
        continuations.ForEach(static continuation => continuation.RunOnThreadPool());
        while (_register.TryTakeFirst(out DeferredSlot? slot))
        {
            slot.Handle.Disconnect();
        }

        CheckIdleWaits();

        try
        {
            Wake(waiters, sleeper);
        }
        finally
        {
            if (first && ended is not null)
            {
                using (ended)
                {
                    // Closed first, so that a slot that is connected concurrently is either called or rejected.
                    ended.Close();
                    ended.Emit();
                }
            }
        }
    }

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

    /// <summary>Removes a slot whose connection has ended from the register.</summary>
    internal void Unregister(DeferredSlot slot)
    {
        _register.Remove(slot);
        CheckIdleWaits();
    }

    /// <summary>
    /// Removes the queued invocations of a slot whose connection has ended; no further ones are queued. Called while the signal's lock is
    /// held. Does not fail and does not run user code.
    /// </summary>
    internal void End(DeferredSlot slot)
    {
        _queue.State.Lock.Enter();
        _queue.Remove(slot);
        _queue.State.Lock.Exit();
        AnnounceChange();
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
        SpinForInvocations();
        _queue.State.Lock.Enter();
        bool sleeps = !_disposed && _queue.PendingCount == 0;
        if (sleeps)
        {
            _sleeper = sleeper;
            _queue.State.Room = 0;
        }

        _queue.State.Lock.Exit();
        if (sleeps)
        {
            sleeper.Sleep();
        }

        return !_disposed;
    }

    /// <summary>
    /// Checks for invocations for about as long as it takes to wake a thread: the next one usually arrives soon, and then the emitting
    /// thread need not wake this one. Each check takes a cache line from the emitting thread, so between checks there is a pause in which
    /// many invocations can be queued.
    /// </summary>
    private void SpinForInvocations()
    {
        if (!CanSpin)
        {
            return;
        }

        for (int check = 0; check < Checks && _queue.SeemsEmpty && !_disposed; check++)
        {
            Thread.SpinWait(SpinsBetweenChecks);
        }
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
            isAdded = MayAdd(slot, store, arguments);
            if (isAdded)
            {
                _queue.Add(slot, store, arguments);

                // Not earlier: adding may fail, and then the next emission must try again.
                slot.IsShot = true;
                TakeWaiters(out waiters, out sleeper);
            }

            isPending = _queue.PendingCount > 0;
            dropped = _queue.TakeDropped();
        }
        finally
        {
            _queue.State.Lock.Exit();
        }

        dropped?.Slot.OnDropped(dropped.Value.Invocation);
        CheckIdleWaits();

        if (isAdded)
        {
            Wake(waiters, sleeper);
        }
        else if (isPending)
        {
            OnInvocationsWaiting();
        }

        return isAdded;
    }

    /// <summary>
    /// Removes and returns the waiters for invocations. Called while the lock is held; they are woken after it is released.
    /// </summary>
    private void TakeWaiters(out InvocationWaiters? waiters, out Sleeper? sleeper)
    {
        waiters = _queued;
        sleeper = _sleeper;
        _queued = null;
        _sleeper = null;
        _queue.State.Room = _disposed ? 0 : _capacity;
    }

    /// <summary>Wakes waiters for invocations. Called while the lock is not held.</summary>
    private void Wake(InvocationWaiters? waiters, Sleeper? sleeper)
    {
        sleeper?.Wake();
        if (waiters is null)
        {
            return;
        }

        try
        {
            waiters.CompleteSoon();
        }
        catch
        {
            PutBack(waiters);
            throw;
        }
    }

    /// <summary>Restores waiters that could not be woken, so that they wait for the next invocation.</summary>
    private void PutBack(InvocationWaiters waiters)
    {
        _queue.State.Lock.Enter();
        if (_queued is { } last)
        {
            while (last.Earlier is { } earlier)
            {
                last = earlier;
            }

            last.Earlier = waiters;
        }
        else
        {
            _queued = waiters;
        }

        _queue.State.Room = 0;
        _queue.State.Lock.Exit();
    }

    /// <summary>Determines whether an invocation is to be added, and makes room for it. May release the lock while it waits.</summary>
    private bool MayAdd<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        while (true)
        {
            if (slot.HasEnded || _disposed)
            {
                return false;
            }

            Admission admission = slot.Admit(_queue);
            if (admission != Admission.Queued)
            {
                if (admission == Admission.Replaced)
                {
                    _queue.ReplaceLatest(slot, store, arguments);
                    _dropped++;
                }

                return false;
            }

            if (_queue.PendingCount - _queue.Exempt < _capacity || slot.IsNeverDropped)
            {
                break;
            }

            if (_fullMode == BoundedChannelFullMode.Wait)
            {
                if (_queue.State.EvaluatingThread == Environment.CurrentManagedThreadId)
                {
                    break;
                }

                WaitForChange();
                continue;
            }

            if (_fullMode == BoundedChannelFullMode.DropWrite)
            {
                _dropped++;
                return false;
            }

            // If only posted actions are queued, none can be dropped, and the queue exceeds its capacity by one.
            if (_fullMode == BoundedChannelFullMode.DropNewest ? _queue.TryRemoveNewest() : _queue.TryRemoveOldest())
            {
                _dropped++;
            }

            break;
        }

        return true;
    }

    /// <summary>Runs all invocations of a round, even if slots throw.</summary>
    private static SlotFailures? Run(InvocationQueue queue, QueuedInvocation[] round, int count)
    {
        SlotFailures? failures = null;
        Exception? unrecorded = null;
        DeferredSlot? throwingSlot = null;
        while (true)
        {
            // One try block for all slots up to the next one that throws, as in an emission.
            try
            {
                queue.Run(round, count);
                break;
            }
            catch (Exception exception)
            {
                DeferredSlot slot = queue.RemoveThrown(round);
                if (!TryRecord(ref failures, exception, slot))
                {
                    (unrecorded, throwingSlot) = (exception, slot);
                }
            }
        }

        if (unrecorded is not null)
        {
            // All other slots have run: if there is still no memory, throwing here skips none of them.
            Record(ref failures, unrecorded, throwingSlot!);
        }

        return failures;
    }

    /// <summary>Keeps the exception of a slot. Returns false if there is not enough memory.</summary>
    private static bool TryRecord(ref SlotFailures? failures, Exception exception, DeferredSlot slot)
    {
        try
        {
            Record(ref failures, exception, slot);
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    private static void Record(ref SlotFailures? failures, Exception exception, DeferredSlot slot)
    {
        failures ??= new SlotFailures();
        failures.Add(exception, slot.UserSlot, slot.Handle);
    }

    private void EndRound(InvocationQueue queue)
    {
        if (queue.EndRound())
        {
            Shrink();
        }

        Volatile.Write(ref queue.State.EvaluatingThread, NoThread);

        // No barrier is needed between the two: a thread that waits for the end issues a process-wide one.
        AnnounceChange();
        CheckIdleWaits();
    }

    private void Shrink()
    {
        _queue.State.Lock.Enter();
        _queue.Shrink();
        _queue.State.Lock.Exit();
    }

    /// <summary>
    /// Wakes the threads at the gate, which then check their conditions. Called while the lock is not held, after any change for which one
    /// of them may wait.
    /// </summary>
    private void AnnounceChange()
    {
        if (Volatile.Read(ref _waiting) != 0)
        {
            OpenGate();
        }
    }

    private void OpenGate()
    {
        using (Uninterruptible.Enter(_gate))
        {
            _changes++;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Releases the lock, waits for a change, and acquires the lock again.</summary>
    private void WaitForChange()
    {
        // Counted while the lock is held: a thread that makes the change later, inside the lock, sees that this thread waits.
        Interlocked.Increment(ref _waiting);
        int seen = Volatile.Read(ref _changes);
        _queue.State.Lock.Exit();
        try
        {
            OnInvocationsWaiting();
            WaitAtGate(seen);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            _queue.State.Lock.Enter();
        }
    }

    /// <summary>Waits until the thread that is evaluating has ended its round. Called while the lock is not held.</summary>
    private void WaitForEndOfRound()
    {
        if (MayBeInterrupted)
        {
            WaitForEndOfRoundOrThrow();
        }
        else
        {
            ConnectionEvaluator evaluator = this;
            Uninterruptible.Run(ref evaluator, static (ref ConnectionEvaluator busy) => busy.WaitForEndOfRoundOrThrow());
        }
    }

    private void WaitForEndOfRoundOrThrow()
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            int seen = Volatile.Read(ref _changes);

            // The evaluating thread clears its mark and then checks for waiting threads, without a barrier between the two, because hardly
            // any evaluation needs one. This issues a barrier on all threads: either that thread sees that this one waits, or this one sees
            // that the round has ended.
            Interlocked.MemoryBarrierProcessWide();
            if (Volatile.Read(ref _queue.State.EvaluatingThread) != NoThread && !_disposed)
            {
                WaitAtGate(seen);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void WaitAtGate(int seen)
    {
        lock (_gate)
        {
            while (_changes == seen)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private static Signal CreateDisposedSignal()
    {
        var signal = new Signal();
        signal.Dispose();
        return signal;
    }
}
