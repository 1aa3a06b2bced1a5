using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Queue of an evaluator: invocations in order, and a store for each type of arguments that do not fit into the entries. A round of
/// evaluation takes all queued invocations at once and runs them while further ones are queued. Guarded by
/// <see cref="EvaluatorState.Lock"/>, unless a member is documented otherwise.
/// </summary>
internal sealed class InvocationQueue
{
    /// <summary>
    /// Duration for which rounds must have been small before half of the unused memory is released, and again before each further release.
    /// The memory of a burst is thus not kept forever, and a load that comes in bursts does not allocate in each.
    /// </summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Type, ArgumentStore> _storeOfType = [];

    /// <summary>The same stores as an array, for fast enumeration.</summary>
    private ArgumentStore[] _stores = [];

    /// <summary>The invocations of even rounds, which run while those of the next odd round are queued.</summary>
    private QueuedInvocation[] _even = [];

    /// <summary>The invocations of odd rounds.</summary>
    private QueuedInvocation[] _odd = [];

    /// <summary>
    /// Timestamp since which rounds have been small in relation to the allocated memory, or null. Used only by the evaluating thread.
    /// </summary>
    private long? _calmSince;

    /// <summary>Number of pending invocations that do not count against the capacity.</summary>
    internal int Exempt;

    /// <summary>The positions in the arrays, and the lock.</summary>
    internal EvaluatorState State;

    /// <summary>The arrows of traces that lead to the invocations, or null if the tracker is not supported.</summary>
    private readonly InvocationFlows? _flows = SignalTracker.IsSupported ? new InvocationFlows() : null;

    private readonly TimeProvider _time;

    /// <summary>Initializes an empty queue.</summary>
    /// <param name="time">The time by which unused memory is released.</param>
    internal InvocationQueue(TimeProvider time)
    {
        _time = time;
        Removal = new InvocationRemoval(this);
    }

    /// <summary>Gets the removal of queued invocations before their round.</summary>
    internal InvocationRemoval Removal { get; }

    /// <summary>Gets the number of invocations that are queued for the next round.</summary>
    internal int PendingCount => State.Used - State.Removed;

    /// <summary>
    /// Gets a value that indicates whether the queue is empty. May be read without the lock; the value may be outdated when it is returned.
    /// </summary>
    internal bool SeemsEmpty => Volatile.Read(ref State.Used) == 0;

    /// <summary>Returns the store for arguments of a type.</summary>
    internal ArgumentStore<T> StoreOf<T>()
    {
        if (!_storeOfType.TryGetValue(typeof(T), out ArgumentStore? store))
        {
            store = new ArgumentStore<T>();
            ArgumentStore[] stores = [.. _stores, store];
            _storeOfType.Add(typeof(T), store);
            _stores = stores;
        }

        return (ArgumentStore<T>)store;
    }

    /// <summary>Determines whether an invocation of a slot that keeps only its latest is queued for the next round.</summary>
    internal bool Contains(DeferredSlot latest) => Removal.LastOf(latest) != DeferredSlot.NotQueued;

    /// <summary>
    /// Adds an invocation at the end. Returns false if there is no room in the arrays. Must not be called for a slot that keeps only its
    /// latest invocation.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        QueuedInvocation[] pending = Pending;
        int place = State.Used;
        if ((uint)place >= (uint)pending.Length)
        {
            return false;
        }

        ref QueuedInvocation entry = ref pending[place];
        if (InlineArgument<T>.Fits)
        {
            InlineArgument<T>.Of(ref entry.Argument) = arguments;
        }
        else
        {
            if (!store.TryAdd(arguments, State.Round, out long argument))
            {
                return false;
            }

            entry.Argument = argument;
        }

        entry.Slot = slot;
        State.Used = place + 1;
        if (SignalTracker.IsSupported)
        {
            Trace(slot, place);
        }

        return true;
    }

    /// <summary>Adds an invocation at the end.</summary>
    internal void Add<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        if (State.Used == Pending.Length)
        {
            MakeRoom();
        }

        int place = State.Used;
        ref QueuedInvocation entry = ref Pending[place];
        if (InlineArgument<T>.Fits)
        {
            InlineArgument<T>.Of(ref entry.Argument) = arguments;
        }
        else
        {
            entry.Argument = store.Add(arguments, State.Round);
        }

        entry.Slot = slot;
        State.Used = place + 1;
        if (slot.KeepsLatest)
        {
            slot.Epoch = State.Epoch;
            slot.LastQueued = place;
        }

        if (SignalTracker.IsSupported)
        {
            Trace(slot, place);
        }
    }

    /// <summary>Replaces the arguments of the queued invocation of a slot that keeps only its latest.</summary>
    internal void ReplaceLatest<T>(DeferredSlot latest, ArgumentStore<T> store, T arguments)
    {
        ref QueuedInvocation entry = ref Pending[latest.LastQueued];
        if (InlineArgument<T>.Fits)
        {
            InlineArgument<T>.Of(ref entry.Argument) = arguments;
        }
        else
        {
            store.Replace(entry.Argument, arguments);
        }

        if (SignalTracker.IsSupported)
        {
            _flows!.Set(State.Round, latest.LastQueued);
        }
    }

    /// <summary>Determines whether invocations of a connection are pending or running.</summary>
    internal bool IsBusy(ConnectionHandle connection)
    {
        foreach (QueuedInvocation entry in Pending.AsSpan(0, State.Used))
        {
            if (entry.Slot is { } pending && pending.Handle == connection)
            {
                return true;
            }
        }

        if (Volatile.Read(ref State.EvaluatingThread) == 0)
        {
            return false;
        }

        QueuedInvocation[] running = Running(out int count);
        int current = Volatile.Read(ref State.RunningNext) - 1;
        for (int i = Math.Max(current, 0); i < Math.Min(count, running.Length); i++)
        {
            // The slot of the entry that is running remains until it has returned. Those after it are skipped if their connection has ended.
            if (running[i].Slot is { } slot && slot.Handle == connection && (i == current || !slot.HasEnded))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the positions of the pending invocations of a slot, with their arguments.</summary>
    internal IEnumerable<long> ArgumentsOf(DeferredSlot slot)
    {
        for (int place = 0; place < State.Used; place++)
        {
            if (Pending[place].Slot == slot)
            {
                yield return Pending[place].Argument;
            }
        }
    }

    /// <summary>Removes all queued invocations and releases their memory.</summary>
    internal void Clear()
    {
        foreach (ArgumentStore store in _stores)
        {
            store.Clear(State.Round);
        }

        Pending = [];
        Removal.Clear();
        Exempt = 0;
        ResetPositions();
    }

    /// <summary>Begins a round with all queued invocations. The caller owns its entries until it calls <see cref="EndRound"/>.</summary>
    internal QueuedInvocation[] BeginRound(out int count)
    {
        QueuedInvocation[] round = Pending;
        count = State.Used;
        State.Running = count;
        State.RunningNext = 0;
        State.Skipped = 0;
        State.Round++;
        Exempt = 0;
        ResetPositions();
        return round;
    }

    /// <summary>
    /// Runs the remaining invocations of the active round, until a slot throws. Called by the evaluating thread without the lock.
    /// </summary>
    internal void Run(QueuedInvocation[] round, int count)
    {
        int next = State.RunningNext;
        while (next < count)
        {
            ref QueuedInvocation entry = ref round[next];
            next++;
            Volatile.Write(ref State.RunningNext, next);
            DeferredSlot? slot = entry.Slot;
            if (slot is null)
            {
                State.Skipped++;
            }
            else if (slot.HasEnded)
            {
                slot.ReleaseArgument(entry.Argument);
                State.Skipped++;
            }
            else if (!(SignalTracker.IsSupported ? RunTraced(slot, ref entry.Argument, next - 1) : slot.RunQueued(ref entry.Argument)))
            {
                State.Skipped++;
            }

            entry.Slot = null;
        }
    }

    /// <summary>
    /// Removes the invocation that has just thrown from the active round, and returns its slot. Called by the evaluating thread without the
    /// lock.
    /// </summary>
    internal DeferredSlot RemoveThrown(QueuedInvocation[] round)
    {
        ref QueuedInvocation entry = ref round[State.RunningNext - 1];
        DeferredSlot slot = entry.Slot!;
        entry.Slot = null;
        return slot;
    }

    /// <summary>Ends the round. Called by the evaluating thread without the lock.</summary>
    /// <returns>True if unused memory is to be released: see <see cref="Shrink"/>.</returns>
    internal bool EndRound()
    {
        bool isCalm = (_calmSince is not null || IsWasteful) && IsCalm();
        State.Running = 0;
        return isCalm;
    }

    /// <summary>Halves the arrays of which the last round used only a small part. Called before the next round begins.</summary>
    internal void Shrink()
    {
        long round = State.Round - 1;
        _flows?.Release(round);
        foreach (ArgumentStore store in _stores)
        {
            store.Shrink(round);
        }

        if (QueueSizes.Shrink(ref ArrayOf(round), State.RunningNext))
        {
            _calmSince = null;
        }

        if (State.Linked == 0)
        {
            Removal.Clear();
        }
    }

    /// <summary>Returns the active round, for <see cref="CountUnstarted"/>.</summary>
    internal QueuedInvocation[] Running(out int count)
    {
        count = State.Running;
        return ArrayOf(State.Round - 1);
    }

    /// <summary>
    /// Returns the number of invocations of a round that have not been started. Called without the lock; the number may be outdated when it
    /// is returned.
    /// </summary>
    internal int CountUnstarted(QueuedInvocation[] running, int count)
    {
        int unstarted = 0;
        for (int i = Volatile.Read(ref State.RunningNext); i < Math.Min(count, running.Length); i++)
        {
            if (running[i].Slot is { HasEnded: false })
            {
                unstarted++;
            }
        }

        return unstarted;
    }

    /// <summary>Gets the entries that are queued for the next round, and those that have been removed.</summary>
    internal ref QueuedInvocation[] Pending => ref ArrayOf(State.Round);

    private ref QueuedInvocation[] ArrayOf(long round) => ref (round & 1) == 0 ? ref _even : ref _odd;

    /// <summary>Records an invocation that the current thread has queued, if a trace is active.</summary>
    private void Trace(DeferredSlot slot, int place)
    {
        _flows!.Set(State.Round, place);
        TrackedObjects.CountPending(slot, PendingCount + Math.Max(0, State.Running - Volatile.Read(ref State.RunningNext)));
    }

    /// <summary>Runs a slot, and records it if a trace is active. Called by the evaluating thread without the lock.</summary>
    private bool RunTraced(DeferredSlot slot, ref long argument, int place)
    {
        TraceScope scope = TrackedObjects.BeginRun(slot, _flows!.Get(State.Round - 1, place));
        TrackedObjects.CountPending(slot, PendingCount + State.Running - State.RunningNext);
        try
        {
            return slot.RunQueued(ref argument);
        }
        finally
        {
            scope.End();
        }
    }

    private void ResetPositions()
    {
        State.Used = 0;
        State.Removed = 0;
        State.Head = 0;
        State.Linked = 0;
        State.Epoch++;
    }

    /// <summary>
    /// Gets a value that indicates whether the round has used only a small part of the allocated memory. The array that is being filled
    /// counts too: the two arrays alternate, and possibly only one of them has grown in a burst.
    /// </summary>
    private bool IsWasteful => QueueSizes.IsWasteful(Math.Max(_even.Length, _odd.Length), State.Running);

    private bool IsCalm()
    {
        if (!IsWasteful)
        {
            _calmSince = null;
            return false;
        }

        _calmSince ??= _time.GetTimestamp();
        return _time.GetElapsedTime(_calmSince.Value) >= Calm;
    }

    /// <summary>Makes room in a full queue, by compacting it if half of its positions are gaps, and otherwise by enlarging it.</summary>
    private void MakeRoom()
    {
        if (PendingCount <= State.Used / 2 && State.Used > 0)
        {
            Compact();
        }
        else
        {
            ref QueuedInvocation[] pending = ref Pending;
            Array.Resize(ref pending, QueueSizes.Larger(pending.Length));
        }
    }

    /// <summary>Closes the gaps that removed invocations have left.</summary>
    private void Compact()
    {
        foreach (ArgumentStore store in _stores)
        {
            store.BeginCompaction(State.Round);
        }

        int used = State.Used;
        QueuedInvocation[] pending = Pending;
        ResetPositions();
        int filled = 0;
        for (int from = 0; from < used; from++)
        {
            QueuedInvocation entry = pending[from];
            if (entry.Slot is not { } slot)
            {
                continue;
            }

            _flows?.Move(State.Round, from, filled);
            pending[filled] = new QueuedInvocation { Slot = slot, Argument = slot.CompactArgument(entry.Argument) };
            if (slot.KeepsLatest)
            {
                slot.Epoch = State.Epoch;
                slot.LastQueued = filled;
            }

            filled++;
        }

        Array.Clear(pending, filled, used - filled);
        State.Used = filled;
        foreach (ArgumentStore store in _stores)
        {
            store.EndCompaction(State.Round);
        }
    }
}
