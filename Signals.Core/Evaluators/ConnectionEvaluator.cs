using System.Diagnostics;
using System.Threading.Channels;

namespace Signals;

/// <summary>
/// Runs the slots of deferred connections: emitting queues them here, and whoever calls <see cref="EvaluateDeferredConnections"/> runs
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

    /// <summary>What evaluators show as <see cref="Disposed"/> that nobody asked for it before they were disposed.</summary>
    private static readonly Signal Over = MakeOver();

    private readonly InvocationQueue _queue = new(TimeProvider.System);
    private readonly DeferredSlotRegister _register = new();
    private readonly int _capacity;
    private readonly BoundedChannelFullMode _fullMode;

    /// <summary>What threads wait on for <see cref="_changes"/>.</summary>
    private readonly object _gate = new();

    /// <summary>Guards the queue and the fields below. Held for a few instructions, never while a slot or other user code runs.</summary>
    private ShortLock _lock;

    /// <summary>The thread that is evaluating, or <see cref="Nobody"/>.</summary>
    private int _evaluatingThread = Nobody;

    /// <summary>How many threads wait at the gate.</summary>
    private int _waiting;

    /// <summary>Raised by whatever a thread at the gate may be waiting for.</summary>
    private int _changes;

    /// <summary>Completed when something is queued, or null while nobody asks.</summary>
    private TaskCompletionSource? _queued;

    /// <summary>How many invocations were dropped for want of room or for a later value.</summary>
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
    }

    /// <summary>How many queued invocations have not been started, those included that an evaluation under way has still to run.</summary>
    public int PendingCount
    {
        get
        {
            _lock.Enter();
            int pending = _queue.PendingCount;
            QueuedInvocation[] running = _queue.Running(out int count);
            _lock.Exit();
            return pending + _queue.CountUnstarted(running, count);
        }
    }

    /// <summary>
    /// How many invocations were dropped: for want of capacity, or because a later value replaced them on a connection that keeps only the latest one.
    /// Those that were taken back because their connection or the evaluator ended do not count.
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
            _lock.Enter();
            Signal ended = _ended ??= _disposed ? Over : made;
            _lock.Exit();
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
        int thread = Environment.CurrentManagedThreadId;
        if (Volatile.Read(ref _evaluatingThread) == thread)
        {
            return 0;
        }

        if (!TryBeginRound(thread, out QueuedInvocation[] round, out int count))
        {
            return 0;
        }

        SlotFailures? failures = null;
        int run = Run(round, count, ref failures);
        EndRound();

        failures?.ThrowIfAny(GetType().Name);
        return run;
    }

    /// <summary>Waits until there is something to evaluate.</summary>
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

        _lock.Enter();
        bool disposed = _disposed;
        TaskCompletionSource? queued = null;
        if (!disposed && _queue.PendingCount == 0)
        {
            // Continuations run elsewhere: whoever emits is not made to evaluate.
            queued = _queued ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _lock.Exit();
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
    /// <see cref="EvaluateDeferredConnections"/> to be called soon; what it throws reaches the emitter like a slot's exception.
    /// </summary>
    protected virtual void OnInvocationAdded() { }

    /// <summary>Ends the evaluator. An override stops what it pumps with, and calls this.</summary>
    /// <param name="disposing">Always <see langword="true"/>: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _lock.Enter();
        bool first = !_disposed;
        _disposed = true;
        _queue.Clear();
        TaskCompletionSource? queued = _queued;
        _queued = null;
        Signal? ended = _ended;
        _lock.Exit();
        AnnounceChange();
        if (!first)
        {
            return;
        }

        if (queued is not null)
        {
            queued.SetException(DisposedException());

            // Who waited may have been cancelled meanwhile: then nobody is left to see the exception, and nobody needs to.
            _ = queued.Task.Exception;
        }

        foreach (DeferredSlot slot in _register.TakeAll())
        {
            slot.Handle.Disconnect();
        }

        if (ended is not null)
        {
            using (ended)
            {
                ended.Emit();
            }
        }
    }

    /// <summary>The store for arguments of a type.</summary>
    internal ArgumentStore<T> StoreOf<T>()
    {
        _lock.Enter();
        try
        {
            return _queue.StoreOf<T>();
        }
        finally
        {
            _lock.Exit();
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

    /// <summary>Takes a slot whose connection has ended off the register.</summary>
    internal void Unregister(DeferredSlot slot) => _register.Remove(slot);

    /// <summary>Takes back what a slot has queued, and lets it queue nothing more.</summary>
    internal void End(DeferredSlot slot)
    {
        _lock.Enter();
        slot.HasEnded = true;
        _queue.Remove(slot);
        _lock.Exit();
        AnnounceChange();
    }

    /// <summary>Queues an invocation.</summary>
    internal void Enqueue<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        TaskCompletionSource? queued;
        _lock.Enter();
        try
        {
            if (!MayAdd(slot, store, arguments))
            {
                return;
            }

            _queue.Add(slot, store, arguments);
            queued = _queued;
            _queued = null;
        }
        finally
        {
            _lock.Exit();
        }

        queued?.TrySetResult();
        OnInvocationAdded();
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

            if (_queue.PendingCount < _capacity)
            {
                break;
            }

            if (_fullMode == BoundedChannelFullMode.Wait)
            {
                if (_evaluatingThread == Environment.CurrentManagedThreadId)
                {
                    break;
                }

                WaitForChange();
                continue;
            }

            _dropped++;
            if (_fullMode == BoundedChannelFullMode.DropWrite)
            {
                return false;
            }

            if (_fullMode == BoundedChannelFullMode.DropNewest)
            {
                _queue.RemoveNewest();
            }
            else
            {
                _queue.RemoveOldest();
            }

            break;
        }

        slot.IsShot = true;
        return true;
    }

    /// <summary>Takes what is queued, when no other thread is evaluating. Returns false if there is nothing.</summary>
    private bool TryBeginRound(int thread, out QueuedInvocation[] round, out int count)
    {
        _lock.Enter();
        try
        {
            while (_evaluatingThread != Nobody)
            {
                WaitForChange();
            }

            if (_queue.PendingCount == 0)
            {
                round = [];
                count = 0;
                return false;
            }

            _evaluatingThread = thread;
            round = _queue.BeginRound(out count);
        }
        finally
        {
            _lock.Exit();
        }

        AnnounceChange();
        return true;
    }

    private void EndRound()
    {
        // What the round held is let go of before the lock is taken: it may be much.
        _queue.ClearRound();
        _lock.Enter();
        _queue.EndRound();
        _evaluatingThread = Nobody;
        _lock.Exit();
        AnnounceChange();
    }

    private int Run(QueuedInvocation[] round, int count, ref SlotFailures? failures)
    {
        int run = 0;
        int next = 0;
        DeferredSlot? slot = null;
        while (next < count)
        {
            // One try for as many slots as go well, as in an emission.
            try
            {
                while (next < count)
                {
                    slot = round[next].Slot;
                    int argument = round[next].Argument;
                    next++;
                    Volatile.Write(ref _queue.RunningNext, next);
                    if (slot is { HasEnded: false } && slot.RunQueued(argument))
                    {
                        run++;
                    }
                }
            }
            catch (Exception exception)
            {
                run++;
                failures ??= new SlotFailures();
                failures.Add(exception, slot!.UserSlot, slot.Handle);
            }
        }

        return run;
    }

    /// <summary>Wakes the threads at the gate to look again. Called outside the lock, after any change that one of them may wait for.</summary>
    private void AnnounceChange()
    {
        // Whoever goes to the gate has counted itself inside the lock, before or after the change was made inside it.
        if (Volatile.Read(ref _waiting) != 0)
        {
            lock (_gate)
            {
                _changes++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Leaves the lock, waits for a change, and enters the lock again.</summary>
    private void WaitForChange()
    {
        _waiting++;
        int seen = Volatile.Read(ref _changes);
        _lock.Exit();
        try
        {
            lock (_gate)
            {
                while (_changes == seen)
                {
                    Monitor.Wait(_gate);
                }
            }
        }
        finally
        {
            _lock.Enter();
            _waiting--;
        }
    }

    private static Signal MakeOver()
    {
        var over = new Signal();
        over.Dispose();
        return over;
    }

    private ObjectDisposedException DisposedException() =>
        new(GetType().Name, $"This {GetType().Name} has been disposed: nothing can be deferred on it any more.");
}
