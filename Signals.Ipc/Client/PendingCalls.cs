using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Signals.Ipc.Client;

/// <summary>
/// The calls of a connection that have not ended: those that wait for a reply, by request id, and those that wait to be written. Removing a call ends it
/// for all other threads: exactly one of them removes it.
/// </summary>
/// <remarks>
/// <para>Calls are added inside the sender's lock only, where request ids are assigned. They are found and removed by any thread.</para>
/// <para>Request ids grow by one, so a call is in the slot of an array that its request id determines, without a lock: a call is removed by the
/// thread that replaces it in its slot. The few calls that are still pending when the array has been used once around move to a dictionary. A lock guards the
/// moves of calls; a thread that does not find a call in its slot while calls move, or while there are others, looks again inside it.</para>
/// </remarks>
internal sealed class PendingCalls
{
    /// <summary>The bit that is set in the keys of calls that wait to be written. No request id is that large.</summary>
    private const ulong WaitingKeys = 1UL << 63;

    /// <summary>The number of slots at the beginning.</summary>
    private const int FewSlots = 16;

    /// <summary>The number of slots that are kept while no call is pending.</summary>
    private const int KeptSlots = 1024;

    /// <summary>Guards the moves of calls and everything below, except the counts. Taken inside the sender's lock; no other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The written calls, by the lower bits of their request ids. Replaced inside both locks.</summary>
    private IPendingCall?[] _slots = new IPendingCall?[FewSlots];

    /// <summary>The written calls whose slots have been needed for others, by request id. Null until there is one.</summary>
    private Dictionary<ulong, IPendingCall>? _others;

    /// <summary>The calls that wait to be written, by key. Null until there is one.</summary>
    private Dictionary<ulong, IPendingCall>? _waiting;

    /// <summary>The number of the last key that was assigned to a call that waits.</summary>
    private ulong _lastKey;

    /// <summary>The number of calls in <see cref="_others"/>, plus one while calls move. Read without the lock, too.</summary>
    private volatile int _elsewhere;

    /// <summary>The number of calls that have been added. Written inside the sender's lock.</summary>
    private int _added;

    /// <summary>The number of calls that have been removed.</summary>
    private int _removed;

    /// <summary>
    /// Gets the number of calls, without a lock. Calls are added inside the sender's lock only; a thread that tries to remove a call that another one has
    /// removed makes the number too low by one for that moment.
    /// </summary>
    internal int Count
    {
        get
        {
            int removed = Volatile.Read(ref _removed);
            return Math.Max(0, Volatile.Read(ref _added) - removed);
        }
    }

    /// <summary>Returns a value that indicates whether a call waits to be written.</summary>
    internal static bool IsWaiting(IPendingCall call) => (call.RequestId & WaitingKeys) != 0;

    /// <summary>Adds a call that is written now. Called inside the sender's lock, before the host can reply.</summary>
    /// <returns>False if the call waited and has been removed meanwhile.</returns>
    internal bool TryAdd(IPendingCall call, ulong requestId)
    {
        if (IsWaiting(call))
        {
            if (!TryRemoveWaiting(call))
            {
                return false;
            }
        }
        else
        {
            Volatile.Write(ref _added, _added + 1);
        }

        call.RequestId = requestId;
        IPendingCall?[] slots = _slots;
        if (slots.Length > KeptSlots && Count <= 1)
        {
            slots = Shrink();
        }

        ref IPendingCall? slot = ref SlotOf(slots, requestId);
        if (Volatile.Read(ref slot) is not null)
        {
            MakeRoom(requestId);
            slot = ref SlotOf(_slots, requestId);
        }

        Volatile.Write(ref slot, call);
        return true;
    }

    /// <summary>Adds a call that waits to be written. Called inside the sender's lock.</summary>
    internal void AddWaiting(IPendingCall call)
    {
        lock (_lock)
        {
            AssertInvariants();
            call.RequestId = WaitingKeys | ++_lastKey;
            (_waiting ??= []).Add(call.RequestId, call);
        }

        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>Finds the written call that has a request id, which any peer may have chosen.</summary>
    internal bool TryFind(ulong requestId, [NotNullWhen(true)] out IPendingCall? call)
    {
        IPendingCall?[] slots = Volatile.Read(ref _slots);
        call = Volatile.Read(ref SlotOf(slots, requestId));
        if (call?.RequestId == requestId)
        {
            return true;
        }

        // The order matters: a move is announced before it begins, and the slots are replaced before it ends.
        if (_elsewhere == 0 && slots == Volatile.Read(ref _slots))
        {
            call = null;
            return false;
        }

        lock (_lock)
        {
            AssertInvariants();
            call = SlotOf(_slots, requestId);
            return call?.RequestId == requestId || (_others is not null && _others.TryGetValue(requestId, out call));
        }
    }

    /// <summary>Removes a call. Implies a full memory barrier if it returns true.</summary>
    /// <returns>False if another thread has removed it, or it was never added.</returns>
    internal bool TryRemove(IPendingCall call)
    {
        ulong requestId = call.RequestId;

        // Counted first: a thread that sees that the call has been removed does not find it counted.
        Interlocked.Increment(ref _removed);
        if (Interlocked.CompareExchange(ref SlotOf(Volatile.Read(ref _slots), requestId), null, call) == call || TryRemoveElsewhere(call))
        {
            return true;
        }

        Interlocked.Decrement(ref _removed);
        return false;
    }

    /// <summary>
    /// Removes the calls for which a condition is true, and returns them. Called inside the sender's lock, so that no call is added meanwhile.
    /// </summary>
    internal List<IPendingCall> RemoveAll(Predicate<IPendingCall> condition)
    {
        List<IPendingCall> removed = ToList().FindAll(condition);
        removed.RemoveAll(call => !TryRemove(call));
        return removed;
    }

    /// <summary>Returns the calls, in no order. Called inside the sender's lock, so that no call is added meanwhile.</summary>
    internal List<IPendingCall> ToList()
    {
        lock (_lock)
        {
            AssertInvariants();
            IEnumerable<IPendingCall> calls = _slots.OfType<IPendingCall>();
            return [.. _others is null ? calls : calls.Concat(_others.Values), .. _waiting?.Values.AsEnumerable() ?? []];
        }
    }

    private static ref IPendingCall? SlotOf(IPendingCall?[] slots, ulong requestId) => ref slots[(int)requestId & (slots.Length - 1)];

    private bool TryRemoveWaiting(IPendingCall call)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _waiting is not null && _waiting.Remove(call.RequestId);
        }
    }

    /// <summary>Removes a call that is not in its slot, or was moved to another one.</summary>
    private bool TryRemoveElsewhere(IPendingCall call)
    {
        ulong requestId = call.RequestId;
        lock (_lock)
        {
            AssertInvariants();
            if (Interlocked.CompareExchange(ref SlotOf(_slots, requestId), null, call) == call)
            {
                return true;
            }

            // A call that is written again has another id, and one that was never added has none.
            if (_others is not null && _others.TryGetValue(requestId, out IPendingCall? other) && other == call)
            {
                _others.Remove(requestId);
                _elsewhere--;
                return true;
            }

            return _waiting is not null && _waiting.Remove(requestId);
        }
    }

    /// <summary>
    /// Empties the slot of the next call: with more slots if many calls are pending, otherwise by moving the call in it to the others. Called inside the
    /// sender's lock.
    /// </summary>
    private void MakeRoom(ulong requestId)
    {
        lock (_lock)
        {
            AssertInvariants();
            _elsewhere++;
            int written = Count - (_others?.Count ?? 0) - (_waiting?.Count ?? 0);
            while (Volatile.Read(ref SlotOf(_slots, requestId)) is not null && written > _slots.Length / 2)
            {
                Grow();
            }

            if (Interlocked.Exchange(ref SlotOf(_slots, requestId), null) is { } older)
            {
                (_others ??= []).Add(older.RequestId, older);
                _elsewhere++;
            }

            _elsewhere--;
        }
    }

    /// <summary>Doubles the number of slots. Called inside the lock.</summary>
    private void Grow()
    {
        var slots = new IPendingCall?[2 * _slots.Length];
        for (int i = 0; i < _slots.Length; i++)
        {
            if (Interlocked.Exchange(ref _slots[i], null) is { } call)
            {
                SlotOf(slots, call.RequestId) = call;
            }
        }

        Volatile.Write(ref _slots, slots);
    }

    /// <summary>Releases the slots of a burst of calls, if they are all empty. Called inside the sender's lock.</summary>
    private IPendingCall?[] Shrink()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (Array.TrueForAll(_slots, static call => call is null))
            {
                Volatile.Write(ref _slots, new IPendingCall?[FewSlots]);
            }

            return _slots;
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(int.IsPow2(_slots.Length), "The lower bits of a request id are the index of its slot.");
        Debug.Assert(_elsewhere == (_others?.Count ?? 0), "Calls move inside the lock only.");
        Debug.Assert(_waiting is null || _waiting.All(static entry => entry.Key == entry.Value.RequestId && IsWaiting(entry.Value)));
    }
}
