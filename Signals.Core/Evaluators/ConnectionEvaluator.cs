using System.Diagnostics;
using System.Threading.Channels;

namespace Signals;

/// <summary>
/// Runs the slots of deferred connections: emitting queues them here, and whoever calls <see cref="EvaluateDeferredConnections()"/> runs
/// them, on its own thread and when it suits it. This class is pumped by hand (a game loop, a test, a main thread); the classes derived from
/// it pump themselves.
/// </summary>
/// <remarks>
/// <para>One evaluator serves any number of signals; what they queue is run in the order in which it was queued. Every member may be called from any
/// thread at any time.</para>
/// <para>The evaluator does not keep alive the signals that have deferred connections on it, but for what is queued.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public class ConnectionEvaluator : IDisposable
{
    private const int Nobody = 0;

    /// <summary>How often to look for invocations before going to sleep.</summary>
    private const int Looks = 20;

    /// <summary>How long to pause between two looks, in the unit of <see cref="Thread.SpinWait"/>: about a microsecond.</summary>
    private const int SpinsBetweenLooks = 30;

    private static readonly bool CanSpin = Environment.ProcessorCount > 1;

    /// <summary>What evaluators show as <see cref="Disposed"/> that nobody asked for it before they were disposed.</summary>
    private static readonly Signal Over = MakeOver();

    private readonly InvocationQueue _queue = new(TimeProvider.System);
    private readonly DeferredSlotRegister _register = new();
    private readonly int _capacity;
    private readonly BoundedChannelFullMode _fullMode;

    /// <summary>What threads wait on for <see cref="_changes"/>.</summary>
    private readonly object _gate = new();

    /// <summary>How many threads wait at the gate.</summary>
    private int _waiting;

    /// <summary>Raised by whatever a thread at the gate may be waiting for.</summary>
    private int _changes;

    /// <summary>Completed when something is queued, or null while no caller waits. Guarded by the queue's lock.</summary>
    private InvocationWaiters? _queued;

    /// <summary>
    /// Woken when something is queued: the sleep of the evaluator's own thread, or null while it does not sleep. Guarded by the queue's lock.
    /// </summary>
    private Sleeper? _sleeper;

    /// <summary>How many invocations were dropped for want of room or for a later value. Guarded by the queue's lock.</summary>
    private long _dropped;

    private volatile bool _disposed;

    /// <summary>What <see cref="Disposed"/> shows, or null until somebody asks. Written under the lock.</summary>
    private Signal? _ended;

    /// <summary>Makes an evaluator without a limit.</summary>
    public ConnectionEvaluator()
        : this(new ConnectionEvaluatorOptions()) { }

    /// <summary>Makes an evaluator with options.</summary>
    /// <param name="options">How much it queues, and what happens beyond.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public ConnectionEvaluator(ConnectionEvaluatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _capacity = options.Capacity ?? int.MaxValue;
        _fullMode = options.FullMode;
        _queue.State.Room = _capacity;
    }

    /// <summary>How many queued invocations have not been started, those included that an evaluation under way has still to run.</summary>
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
    /// Number of invocations that were dropped: for want of capacity, or because a later value replaced them on a connection that keeps only the
    /// latest one. Those that were taken back because their connection or the evaluator ended do not count.
    /// </summary>
    public long DroppedCount => Volatile.Read(ref _dropped);

    /// <summary>Whether the evaluator has been disposed.</summary>
    public bool IsDisposed => _disposed;

    /// <summary>
    /// Emitted once, on the thread that disposes the evaluator, when its connections have ended: for whoever holds something on the evaluator's
    /// behalf. It ends with that, so connecting to it afterwards throws <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <remarks>An evaluator keeps alive what is connected here. Use <see cref="ISignal.ConnectWeak"/> for what may go before it.</remarks>
    public ISignal Disposed
    {
        get
        {
            if (Volatile.Read(ref _ended) is { } known)
            {
                return known;
            }

            var made = new Signal();
            _queue.State.Lock.Enter();
            Signal ended = _ended ??= _disposed ? Over : made;
            _queue.State.Lock.Exit();
            return ended;
        }
    }

    /// <summary>
    /// Runs what has been queued until now, in order, on this thread. What is queued meanwhile waits for the next call. If another thread is
    /// evaluating, this waits for it to finish first.
    /// </summary>
    /// <remarks>A slot that waits for another thread that evaluates the same evaluator waits for ever: that thread waits for the slot.</remarks>
    /// <returns>How many slots were run. Zero at once when called from a slot that this evaluator is running, and after disposal.</returns>
    /// <exception cref="Exception">
    /// What a slot threw, after the others have run: one exception as it was thrown, several as an <see cref="AggregateException"/>. A slot
    /// whose signal has a <see cref="SignalOptions.ExceptionHandler"/> reports there instead.
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
        while (Volatile.Read(ref queue.State.EvaluatingThread) != Nobody)
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

        // From here on the round must be ended, even if an exception is thrown.
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
            EndRound(queue);
        }

        failures?.ThrowIfAny(GetType().Name);
        return run;
    }

    /// <summary>Queues an action in order with the slots that are deferred on this evaluator. It runs once, in the next evaluation.</summary>
    /// <remarks>
    /// Use it for work that must not be lost, such as a completion. A <see cref="ConnectionEvaluatorOptions.Capacity"/> does not apply to the action:
    /// it is queued even if the queue is full, is not dropped for another invocation, and posting never waits. It counts as pending like any
    /// invocation. The evaluation throws what the action throws. Posting to a disposed evaluator does nothing, and disposing it drops the action.
    /// </remarks>
    /// <param name="action">The action.</param>
    /// <returns>An object that removes the action from the queue if it is disposed before the action has begun.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var posted = new PostedAction(this, action);
        posted.Queue();
        return posted;
    }

    /// <summary>Waits until there is something to evaluate.</summary>
    /// <remarks>When there is nothing, this first looks again on the calling thread for some microseconds: that is cheaper than to be woken.</remarks>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task that is complete when something is queued; at once if it is already.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed, or is while this waits: nothing will be queued any more.</exception>
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
    /// Ends the evaluator: drops what is queued, ends all connections that are deferred on it, and wakes who waits. A slot that is being run is not
    /// waited for. Emitting signals that had connections here goes on as if these had been disconnected.
    /// </summary>
    /// <exception cref="Exception">What a slot of <see cref="Disposed"/> threw, when everything has ended.</exception>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Says what the evaluator is and how much it has to do.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString() => _disposed ? $"{GetType().Name} (disposed)" : $"{GetType().Name} ({PendingCount} pending)";

    /// <summary>
    /// Called after each invocation that was queued, on the thread that emitted, outside every lock. An override arranges for
    /// <see cref="EvaluateDeferredConnections()"/> to be called soon; what it throws reaches the emitter like a slot's exception.
    /// </summary>
    protected virtual void OnInvocationAdded() { }

    /// <summary>Ends the evaluator. An override stops what it pumps with, and calls this.</summary>
    /// <param name="disposing">Always <see langword="true"/>: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _queue.State.Lock.Enter();
        bool first = !_disposed;
        _disposed = true;
        _queue.Clear();
        TakeWaiters(out InvocationWaiters? waiters, out Sleeper? sleeper);
        Signal? ended = _ended;
        _queue.State.Lock.Exit();
        AnnounceChange();
        while (_register.TryTakeFirst(out DeferredSlot? slot))
        {
            slot.Handle.Disconnect();
        }

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
                    // Before: a slot that is connected beside this is called by it, or refused.
                    ended.Close();
                    ended.Emit();
                }
            }
        }
    }

    /// <summary>The store for arguments of a type.</summary>
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

    /// <summary>Puts a new connection's slot on the register.</summary>
    internal void Register(DeferredSlot slot)
    {
        _register.Add(slot);
        if (_disposed)
        {
            _register.Remove(slot);
            throw DisposedException();
        }
    }

    /// <summary>Evaluates as <see cref="EvaluateDeferredConnections()"/> does, and hands what slots throw to a handler if there is one.</summary>
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

    /// <summary>Takes a slot whose connection has ended off the register.</summary>
    internal void Unregister(DeferredSlot slot) => _register.Remove(slot);

    /// <summary>
    /// Removes the queued invocations of a slot whose connection has ended. It queues nothing more. Called inside the signal's lock. Neither fails
    /// nor runs user code.
    /// </summary>
    internal void End(DeferredSlot slot)
    {
        _queue.State.Lock.Enter();
        _queue.Remove(slot);
        _queue.State.Lock.Exit();
        AnnounceChange();
    }

    /// <summary>Queues an invocation.</summary>
    internal void Enqueue<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        InvocationQueue queue = _queue;
        queue.State.Lock.Enter();
        if (slot.IsAlwaysQueued && !slot.HasEnded && queue.PendingCount < queue.State.Room && queue.TryAdd(slot, store, arguments))
        {
            queue.State.Lock.Exit();
        }
        else if (!EnqueueWithCare(slot, store, arguments))
        {
            return;
        }

        OnInvocationAdded();
    }

    /// <summary>Creates the exception for an operation on a disposed evaluator.</summary>
    internal ObjectDisposedException DisposedException() =>
        new(GetType().Name, $"This {GetType().Name} has been disposed: nothing can be deferred on it any more.");

    /// <summary>
    /// Called when an emission adds nothing, or waits for room, while invocations are pending, on the thread that emits, outside every lock. An
    /// override ensures that they are evaluated.
    /// </summary>
    private protected virtual void OnInvocationsWaiting() { }

    /// <summary>Indicates whether a thread may be interrupted while it waits for one that evaluates. False for the evaluator's own.</summary>
    private protected virtual bool MayBeInterrupted => true;

    /// <summary>
    /// Blocks the calling thread, which is the only one to call this, until something is queued. Returns false when the evaluator has been disposed.
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
    /// Looks for invocations for about as long as it takes to wake a thread: most often the next is on its way, and whoever emits it is spared
    /// the waking. Each look takes the emitting thread's cache line away, so there is a pause between them, in which many can be queued.
    /// </summary>
    private void SpinForInvocations()
    {
        if (!CanSpin)
        {
            return;
        }

        for (int look = 0; look < Looks && _queue.SeemsEmpty && !_disposed; look++)
        {
            Thread.SpinWait(SpinsBetweenLooks);
        }
    }

    /// <summary>Queues an invocation of any kind and in any case, if it is to be queued at all. Called inside the lock, and leaves it.</summary>
    private bool EnqueueWithCare<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        InvocationWaiters? waiters = null;
        Sleeper? sleeper = null;
        bool isAdded;
        bool isPending;
        try
        {
            isAdded = MayAdd(slot, store, arguments);
            if (isAdded)
            {
                _queue.Add(slot, store, arguments);

                // Not earlier: adding may fail, and the next emission tries again.
                slot.IsShot = true;
                TakeWaiters(out waiters, out sleeper);
            }

            isPending = _queue.PendingCount > 0;
        }
        finally
        {
            _queue.State.Lock.Exit();
        }

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

    /// <summary>Removes the waiters for invocations and returns them, to be woken outside the lock. Called inside it.</summary>
    private void TakeWaiters(out InvocationWaiters? waiters, out Sleeper? sleeper)
    {
        waiters = _queued;
        sleeper = _sleeper;
        _queued = null;
        _sleeper = null;
        _queue.State.Room = _disposed ? 0 : _capacity;
    }

    /// <summary>Wakes waiters for invocations. Called outside the lock.</summary>
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

    /// <summary>Makes waiters that could not be woken wait for the next invocation.</summary>
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

    /// <summary>Decides whether an invocation is to be added, and makes room for it. May let go of the lock to wait.</summary>
    private bool MayAdd<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        while (true)
        {
            if (slot.HasEnded || _disposed)
            {
                return false;
            }

            switch (slot.Kind)
            {
                case ConnectionKind.DeferredSingleShot:
                    if (slot.IsShot)
                    {
                        return false;
                    }

                    break;
                case ConnectionKind.DeferredLatest:
                    if (_queue.Contains(slot))
                    {
                        _queue.ReplaceLatest(slot, store, arguments);
                        _dropped++;
                        return false;
                    }

                    break;
            }

            if (_queue.PendingCount < _capacity || slot.IsNeverDropped)
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

            // With nothing but posted actions queued, there is nothing to drop: one more than the capacity is queued.
            if (_fullMode == BoundedChannelFullMode.DropNewest ? _queue.TryRemoveNewest() : _queue.TryRemoveOldest())
            {
                _dropped++;
            }

            break;
        }

        return true;
    }

    /// <summary>Runs a round to its end, whatever slots throw.</summary>
    private static SlotFailures? Run(InvocationQueue queue, QueuedInvocation[] round, int count)
    {
        SlotFailures? failures = null;
        Exception? unrecorded = null;
        DeferredSlot? thrower = null;
        while (true)
        {
            // One try for as many slots as go well, as in an emission.
            try
            {
                queue.Run(round, count);
                break;
            }
            catch (Exception exception)
            {
                DeferredSlot slot = queue.TakeOutThrown(round);
                if (!TryRecord(ref failures, exception, slot))
                {
                    (unrecorded, thrower) = (exception, slot);
                }
            }
        }

        if (unrecorded is not null)
        {
            // The other slots have run now: if there is still no memory, this throws instead of them.
            Record(ref failures, unrecorded, thrower!);
        }

        return failures;
    }

    /// <summary>Keeps the exception of a slot, unless there is no memory for it.</summary>
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

        Volatile.Write(ref queue.State.EvaluatingThread, Nobody);

        // No barrier is needed between the two here: whoever waits for the end has made all threads pass one.
        AnnounceChange();
    }

    private void Shrink()
    {
        _queue.State.Lock.Enter();
        _queue.Shrink();
        _queue.State.Lock.Exit();
    }

    /// <summary>Wakes the threads at the gate to look again. Called outside the lock, after any change that one of them may wait for.</summary>
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

    /// <summary>Leaves the lock, waits for a change that is made inside the lock, and enters the lock again.</summary>
    private void WaitForChange()
    {
        // Counted inside the lock, before or after the change is made inside it: whoever makes it afterwards sees that somebody waits.
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

    /// <summary>Waits until the thread that is evaluating has ended its round. Called outside the lock.</summary>
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

            // The end of a round is said and then looked for threads that wait, without a barrier: that would cost every evaluation what
            // hardly one needs. This gives every thread one: either it sees that this one waits, or this one sees that its round has ended.
            Interlocked.MemoryBarrierProcessWide();
            if (Volatile.Read(ref _queue.State.EvaluatingThread) != Nobody && !_disposed)
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

    private static Signal MakeOver()
    {
        var over = new Signal();
        over.Dispose();
        return over;
    }
}
