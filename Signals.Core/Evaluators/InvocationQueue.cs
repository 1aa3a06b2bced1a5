namespace Signals;

/// <summary>
/// What an evaluator has queued: invocations in order, and their arguments in a store for each type. A round of evaluation takes all of
/// it at once and runs it while the next is being filled. Guarded by the evaluator, except where a member says otherwise.
/// </summary>
internal sealed class InvocationQueue(TimeProvider time)
{
    /// <summary>
    /// How long rounds must have been small before memory is given back, and then each time again: a burst does not cost its memory for
    /// ever, and a load that comes in bursts does not allocate at each.
    /// </summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Type, ArgumentStore> _storeOfType = [];

    /// <summary>The same stores, to walk them quickly.</summary>
    private ArgumentStore[] _stores = [];

    private QueuedInvocation[] _pending = [];
    private QueuedInvocation[] _running = [];

    /// <summary>How many places of <see cref="_pending"/> are filled, those taken back included.</summary>
    private int _pendingUsed;

    /// <summary>Before this place of <see cref="_pending"/> everything has been taken back.</summary>
    private int _pendingHead;

    /// <summary>How many places of <see cref="_running"/> the round has.</summary>
    private int _runningCount;

    /// <summary>Since when rounds have been small beside the memory there is, or null.</summary>
    private long? _calmSince;

    /// <summary>Whether the round under way is to give memory back at its end.</summary>
    private bool _shrinks;

    /// <summary>Counts the rounds; a slot's place in the queue is good in one.</summary>
    private long _round;

    /// <summary>How many invocations wait for the next round.</summary>
    internal int PendingCount { get; private set; }

    /// <summary>The place of the round under way that is run next. Written by the thread that evaluates.</summary>
    internal int RunningNext;

    /// <summary>The store for arguments of a type.</summary>
    internal ArgumentStore<T> StoreOf<T>()
    {
        if (!_storeOfType.TryGetValue(typeof(T), out ArgumentStore? store))
        {
            store = new ArgumentStore<T>();
            _storeOfType.Add(typeof(T), store);
            _stores = [.. _stores, store];
        }

        return (ArgumentStore<T>)store;
    }

    /// <summary>Whether an invocation of the slot waits for the next round.</summary>
    internal bool Contains(DeferredSlot slot) => slot.Round == _round && slot.LastQueued != DeferredSlot.NotQueued;

    /// <summary>Adds an invocation behind all others.</summary>
    internal void Add<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        int place = _pendingUsed;
        if (place == _pending.Length)
        {
            place = MakePlace();
        }

        int argument = store.Add(arguments);
        ref QueuedInvocation entry = ref _pending[place];
        entry.Slot = slot;
        entry.Argument = argument;
        entry.Previous = slot.Round == _round ? slot.LastQueued : DeferredSlot.NotQueued;
        slot.Round = _round;
        slot.LastQueued = place;
        _pendingUsed = place + 1;
        PendingCount++;
    }

    /// <summary>Replaces the arguments of the slot's waiting invocation.</summary>
    internal void ReplaceLatest<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments) =>
        store.Replace(_pending[slot.LastQueued].Argument, arguments);

    /// <summary>Takes back all invocations of a slot that wait for the next round.</summary>
    internal void Remove(DeferredSlot slot)
    {
        while (Contains(slot))
        {
            TakeBack(slot.LastQueued);
        }
    }

    /// <summary>Takes back the invocation that was added last. There must be one.</summary>
    internal void RemoveNewest()
    {
        int place = _pendingUsed - 1;
        while (_pending[place].Slot is null)
        {
            place--;
        }

        (DeferredSlot slot, int argument) = TakeBack(place);
        if (place == _pendingUsed - 1)
        {
            _pendingUsed = place;
            slot.DropArgument(argument);
        }
    }

    /// <summary>Takes back the invocation that was added first of all. There must be one.</summary>
    internal void RemoveOldest()
    {
        while (_pending[_pendingHead].Slot is null)
        {
            _pendingHead++;
        }

        TakeBack(_pendingHead);
    }

    /// <summary>Takes back everything and gives up its memory.</summary>
    internal void Clear()
    {
        _pending = [];
        _pendingUsed = 0;
        _pendingHead = 0;
        PendingCount = 0;
        _round++;
        foreach (ArgumentStore store in _stores)
        {
            store.ClearPending();
        }
    }

    /// <summary>Makes a round of what is queued. Its entries and how many they are belong to the caller until <see cref="EndRound"/>.</summary>
    internal QueuedInvocation[] BeginRound(out int count)
    {
        (_pending, _running) = (_running, _pending);
        count = _pendingUsed;
        _runningCount = count;
        RunningNext = 0;
        _pendingUsed = 0;
        _pendingHead = 0;
        PendingCount = 0;
        _round++;
        foreach (ArgumentStore store in _stores)
        {
            store.Swap();
        }

        return _running;
    }

    /// <summary>Lets go of all that the round has run. Belongs to the thread that runs it and needs no lock.</summary>
    internal void ClearRound()
    {
        _shrinks = IsCalm();
        Array.Clear(_running, 0, _runningCount);
        foreach (ArgumentStore store in _stores)
        {
            store.ClearRunning(_shrinks);
        }
    }

    /// <summary>Ends the round.</summary>
    internal void EndRound()
    {
        if (_shrinks && QueueSizes.Shrink(ref _running, _runningCount))
        {
            _calmSince = null;
        }

        _runningCount = 0;
    }

    /// <summary>The round under way, for <see cref="CountUnstarted"/>.</summary>
    internal QueuedInvocation[] Running(out int count)
    {
        count = _runningCount;
        return _running;
    }

    /// <summary>How many invocations of a round have not been started. Needs no lock: it is true of a moment only.</summary>
    internal int CountUnstarted(QueuedInvocation[] running, int count)
    {
        int unstarted = 0;
        for (int i = Volatile.Read(ref RunningNext); i < count; i++)
        {
            if (running[i].Slot is { HasEnded: false })
            {
                unstarted++;
            }
        }

        return unstarted;
    }

    private (DeferredSlot Slot, int Argument) TakeBack(int place)
    {
        ref QueuedInvocation entry = ref _pending[place];
        DeferredSlot slot = entry.Slot!;
        slot.ForgetArgument(entry.Argument);
        slot.IsShot = false;
        if (slot.LastQueued == place)
        {
            // The one before may have been taken back as the oldest of all.
            int previous = entry.Previous;
            bool isThere = previous != DeferredSlot.NotQueued && _pending[previous].Slot == slot;
            slot.LastQueued = isThere ? previous : DeferredSlot.NotQueued;
        }

        entry.Slot = null;
        PendingCount--;
        return (slot, entry.Argument);
    }

    private bool IsCalm()
    {
        // The array that is being filled counts too: the two take turns, and only one of them may have seen the burst.
        if (!QueueSizes.IsWasteful(Math.Max(_running.Length, _pending.Length), _runningCount))
        {
            _calmSince = null;
            return false;
        }

        _calmSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_calmSince.Value) >= Calm;
    }

    /// <summary>Makes room in a full queue, and returns the place behind its last entry.</summary>
    private int MakePlace()
    {
        if (PendingCount <= _pendingUsed / 2 && _pendingUsed > 0)
        {
            Compact();
        }
        else
        {
            Array.Resize(ref _pending, QueueSizes.Larger(_pending.Length));
        }

        return _pendingUsed;
    }

    /// <summary>Closes the gaps that invocations taken back have left.</summary>
    private void Compact()
    {
        foreach (ArgumentStore store in _stores)
        {
            store.BeginCompaction();
        }

        foreach (ref QueuedInvocation entry in _pending.AsSpan(0, _pendingUsed))
        {
            entry.Slot?.LastQueued = DeferredSlot.NotQueued;
        }

        int filled = 0;
        foreach (QueuedInvocation entry in _pending.AsSpan(0, _pendingUsed))
        {
            if (entry.Slot is not { } slot)
            {
                continue;
            }

            _pending[filled] = new QueuedInvocation
            {
                Slot = slot,
                Argument = slot.CompactArgument(entry.Argument),
                Previous = slot.LastQueued,
            };
            slot.LastQueued = filled;
            filled++;
        }

        Array.Clear(_pending, filled, _pendingUsed - filled);
        _pendingUsed = filled;
        _pendingHead = 0;
        foreach (ArgumentStore store in _stores)
        {
            store.EndCompaction();
        }
    }
}
