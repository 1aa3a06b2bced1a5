using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// What an evaluator has queued: invocations in order, with those of their arguments that do not fit in beside them in a store for each type.
/// A round of evaluation takes all of it at once and runs it while the next is being filled. Guarded by <see cref="EvaluatorState.Lock"/>, except
/// where a member says otherwise.
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

    /// <summary>What is queued in an even round, to be run while the odd one behind it is queued.</summary>
    private QueuedInvocation[] _even = [];

    /// <summary>What is queued in an odd round.</summary>
    private QueuedInvocation[] _odd = [];

    /// <summary>
    /// The same slot's invocation before the one at each place, or <see cref="DeferredSlot.NotQueued"/>; known up to <see cref="EvaluatorState.Linked"/>.
    /// </summary>
    private int[] _previous = [];

    /// <summary>Since when rounds have been small beside the memory there is, or null. Belongs to the thread that evaluates.</summary>
    private long? _calmSince;

    /// <summary>The positions in the arrays, and the lock.</summary>
    internal EvaluatorState State;

    /// <summary>How many invocations wait for the next round.</summary>
    internal int PendingCount => State.Used - State.TakenBack;

    /// <summary>Whether there is nothing to take, by a glance from outside the lock: true of a moment only.</summary>
    internal bool SeemsEmpty => Volatile.Read(ref State.Used) == 0;

    /// <summary>The store for arguments of a type.</summary>
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

    /// <summary>Whether an invocation of a slot that keeps only its latest waits for the next round.</summary>
    internal bool Contains(DeferredSlot latest) => LastOf(latest) != DeferredSlot.NotQueued;

    /// <summary>Adds an invocation behind all others, if there is room in the arrays. Not for a slot that keeps only its latest.</summary>
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
        return true;
    }

    /// <summary>Adds an invocation behind all others.</summary>
    internal void Add<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        if (State.Used == Pending.Length)
        {
            MakePlace();
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
    }

    /// <summary>Replaces the arguments of the waiting invocation of a slot that keeps only its latest.</summary>
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
    }

    /// <summary>Removes all invocations of a slot that wait for the next round. Cannot fail.</summary>
    internal void Remove(DeferredSlot slot)
    {
        if (PendingCount == 0)
        {
            return;
        }

        if (!slot.KeepsLatest && !TryLink())
        {
            RemoveUnlinked(slot);
            return;
        }

        // The chain ends early at an invocation that was taken back as the oldest of all.
        int place;
        while ((place = LastOf(slot)) != DeferredSlot.NotQueued && Pending[place].Slot == slot)
        {
            TakeBack(place);
        }
    }

    /// <summary>Removes the same invocations without the memory that the links need, by examining all places.</summary>
    internal void RemoveUnlinked(DeferredSlot slot)
    {
        // From the last one on: a place that has been linked is then the last of its slot, as taking back expects.
        for (int place = State.Used - 1; place >= 0; place--)
        {
            if (Pending[place].Slot == slot)
            {
                TakeBack(place);
            }
        }
    }

    /// <summary>Removes the invocation that was added last of those that may be dropped. Returns false if there is none.</summary>
    internal bool TryRemoveNewest()
    {
        int place = State.Used - 1;
        while (place >= 0 && !IsDroppable(place))
        {
            place--;
        }

        if (place < 0)
        {
            return false;
        }

        (DeferredSlot slot, long argument) = TakeBack(place);
        if (place == State.Used - 1)
        {
            State.Used = place;
            State.TakenBack--;
            State.Linked = Math.Min(State.Linked, place);
            slot.DropArgument(argument);
        }

        return true;
    }

    /// <summary>Removes the invocation that was added first of those that may be dropped. Returns false if there is none.</summary>
    internal bool TryRemoveOldest()
    {
        while (State.Head < State.Used && !IsDroppable(State.Head))
        {
            State.Head++;
        }

        if (State.Head == State.Used)
        {
            return false;
        }

        TakeBack(State.Head);
        return true;
    }

    /// <summary>Takes back everything and gives up its memory.</summary>
    internal void Clear()
    {
        foreach (ArgumentStore store in _stores)
        {
            store.Clear(State.Round);
        }

        Pending = [];
        _previous = [];
        ForgetPlaces();
    }

    /// <summary>Makes a round of what is queued. Its entries belong to the caller until <see cref="EndRound"/>.</summary>
    internal QueuedInvocation[] BeginRound(out int count)
    {
        QueuedInvocation[] round = Pending;
        count = State.Used;
        State.Running = count;
        State.RunningNext = 0;
        State.Skipped = 0;
        State.Round++;
        ForgetPlaces();
        return round;
    }

    /// <summary>Runs what is left of the round under way, until a slot throws. Belongs to the thread that evaluates and needs no lock.</summary>
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
                slot.ForgetArgument(entry.Argument);
                State.Skipped++;
            }
            else if (!slot.RunQueued(ref entry.Argument))
            {
                State.Skipped++;
            }

            entry.Slot = null;
        }
    }

    /// <summary>
    /// Takes the invocation that has just thrown out of the round under way. Belongs to the thread that evaluates and needs no lock.
    /// </summary>
    internal DeferredSlot TakeOutThrown(QueuedInvocation[] round)
    {
        ref QueuedInvocation entry = ref round[State.RunningNext - 1];
        DeferredSlot slot = entry.Slot!;
        entry.Slot = null;
        return slot;
    }

    /// <summary>Ends the round. Belongs to the thread that evaluates and needs no lock.</summary>
    /// <returns>Whether it is time to give back memory.</returns>
    internal bool EndRound()
    {
        bool isCalm = (_calmSince is not null || IsWasteful) && IsCalm();
        State.Running = 0;
        return isCalm;
    }

    /// <summary>Gives back half of the memory that the last round did not need. Called before the next round begins.</summary>
    internal void Shrink()
    {
        long round = State.Round - 1;
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
            _previous = [];
        }
    }

    /// <summary>The round under way, for <see cref="CountUnstarted"/>.</summary>
    internal QueuedInvocation[] Running(out int count)
    {
        count = State.Running;
        return ArrayOf(State.Round - 1);
    }

    /// <summary>How many invocations of a round have not been started. Needs no lock: it is true of a moment only.</summary>
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

    private ref QueuedInvocation[] Pending => ref ArrayOf(State.Round);

    private ref QueuedInvocation[] ArrayOf(long round) => ref (round & 1) == 0 ? ref _even : ref _odd;

    /// <summary>The place of a slot's latest invocation, as far as it is known.</summary>
    private int LastOf(DeferredSlot slot) => slot.Epoch == State.Epoch ? slot.LastQueued : DeferredSlot.NotQueued;

    private bool IsDroppable(int place) => Pending[place].Slot is { IsNeverDropped: false };

    private void ForgetPlaces()
    {
        State.Used = 0;
        State.TakenBack = 0;
        State.Head = 0;
        State.Linked = 0;
        State.Epoch++;
    }

    private (DeferredSlot Slot, long Argument) TakeBack(int place)
    {
        ref QueuedInvocation entry = ref Pending[place];
        DeferredSlot slot = entry.Slot!;
        slot.ForgetArgument(entry.Argument);
        slot.IsShot = false;
        if (LastOf(slot) == place)
        {
            slot.LastQueued = slot.KeepsLatest ? DeferredSlot.NotQueued : _previous[place];
        }

        entry.Slot = null;
        State.TakenBack++;
        return (slot, entry.Argument);
    }

    /// <summary>
    /// Links each invocation to the one before it of its slot, as far as that has not been done: only a connection that ends needs it, and
    /// emissions that did it each by itself would write to the slots that the other thread is reading. Returns false if there is no memory for it.
    /// </summary>
    private bool TryLink()
    {
        QueuedInvocation[] pending = Pending;
        if (_previous.Length < State.Used && !QueueSizes.TryResize(ref _previous, pending.Length))
        {
            return false;
        }

        for (int place = State.Linked; place < State.Used; place++)
        {
            if (pending[place].Slot is { KeepsLatest: false } slot)
            {
                _previous[place] = LastOf(slot);
                slot.Epoch = State.Epoch;
                slot.LastQueued = place;
            }
        }

        State.Linked = State.Used;
        return true;
    }

    /// <summary>
    /// Whether the round has needed next to nothing of the memory there is. The array that is being filled counts too: the two take turns,
    /// and only one of them may have seen the burst.
    /// </summary>
    private bool IsWasteful => QueueSizes.IsWasteful(Math.Max(_even.Length, _odd.Length), State.Running);

    private bool IsCalm()
    {
        if (!IsWasteful)
        {
            _calmSince = null;
            return false;
        }

        _calmSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_calmSince.Value) >= Calm;
    }

    /// <summary>Makes room in a full queue.</summary>
    private void MakePlace()
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

    /// <summary>Closes the gaps that invocations taken back have left.</summary>
    private void Compact()
    {
        foreach (ArgumentStore store in _stores)
        {
            store.BeginCompaction(State.Round);
        }

        int used = State.Used;
        QueuedInvocation[] pending = Pending;
        ForgetPlaces();
        int filled = 0;
        foreach (QueuedInvocation entry in pending.AsSpan(0, used))
        {
            if (entry.Slot is not { } slot)
            {
                continue;
            }

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
