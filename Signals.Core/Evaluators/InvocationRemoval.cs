namespace Signals;

/// <summary>
/// Removes invocations from an evaluator's queue before their round: those of connections that end, and those that are dropped because the queue is full.
/// Guarded by <see cref="EvaluatorState.Lock"/>.
/// </summary>
/// <param name="queue">The queue.</param>
internal sealed class InvocationRemoval(InvocationQueue queue)
{
    /// <summary>
    /// For each position before <see cref="EvaluatorState.Linked"/>, the position of the previous invocation of the same slot, or
    /// <see cref="DeferredSlot.NotQueued"/>.
    /// </summary>
    private int[] _previous = [];

    /// <summary>The last invocation that was dropped and whose slot is to be told, or null.</summary>
    private (DeferredSlot Slot, object Invocation)? _dropped;

    /// <summary>Removes all invocations of a slot that are queued for the next round. Cannot fail.</summary>
    internal void Remove(DeferredSlot slot)
    {
        if (queue.PendingCount == 0)
        {
            return;
        }

        if (!slot.KeepsLatest && !TryLink())
        {
            RemoveUnlinked(slot);
            return;
        }

        // The chain may end early, at an invocation that was dropped as the oldest in the queue.
        int place;
        while ((place = LastOf(slot)) != DeferredSlot.NotQueued && queue.Pending[place].Slot == slot)
        {
            RemoveAt(place);
        }
    }

    /// <summary>Removes all queued invocations of a slot by examining all positions, which needs no memory for links.</summary>
    internal void RemoveUnlinked(DeferredSlot slot)
    {
        // From the last position to the first: a linked invocation is then the last one of its slot, as the removal requires.
        for (int place = queue.State.Used - 1; place >= 0; place--)
        {
            if (queue.Pending[place].Slot == slot)
            {
                RemoveAt(place);
            }
        }
    }

    /// <summary>Removes the newest invocation that may be dropped. Returns false if there is none.</summary>
    internal bool TryRemoveNewest()
    {
        int place = queue.State.Used - 1;
        while (place >= 0 && !IsDroppable(place))
        {
            place--;
        }

        if (place < 0)
        {
            return false;
        }

        (DeferredSlot slot, long argument) = RemoveAt(place);
        NoteDropped(slot);
        if (place == queue.State.Used - 1)
        {
            queue.State.Used = place;
            queue.State.Removed--;
            queue.State.Linked = Math.Min(queue.State.Linked, place);
            slot.DropArgument(argument);
        }

        return true;
    }

    /// <summary>Removes the oldest invocation that may be dropped. Returns false if there is none.</summary>
    internal bool TryRemoveOldest()
    {
        while (queue.State.Head < queue.State.Used && !IsDroppable(queue.State.Head))
        {
            queue.State.Head++;
        }

        if (queue.State.Head == queue.State.Used)
        {
            return false;
        }

        NoteDropped(RemoveAt(queue.State.Head).Slot);
        return true;
    }

    /// <summary>Returns the invocation that was dropped and whose slot is to be told, or null.</summary>
    internal (DeferredSlot Slot, object Invocation)? TakeDropped()
    {
        (DeferredSlot Slot, object Invocation)? dropped = _dropped;
        _dropped = null;
        return dropped;
    }

    /// <summary>Returns the position of a slot's latest linked invocation, or <see cref="DeferredSlot.NotQueued"/>.</summary>
    internal int LastOf(DeferredSlot slot) => slot.Epoch == queue.State.Epoch ? slot.LastQueued : DeferredSlot.NotQueued;

    /// <summary>Releases the memory of the links. No invocation may be linked.</summary>
    internal void Clear() => _previous = [];

    private bool IsDroppable(int place) => queue.Pending[place].Slot is { IsNeverDropped: false };

    private void NoteDropped(DeferredSlot slot)
    {
        if (slot.TakeDropped() is { } invocation)
        {
            _dropped = (slot, invocation);
        }
    }

    private (DeferredSlot Slot, long Argument) RemoveAt(int place)
    {
        ref QueuedInvocation entry = ref queue.Pending[place];
        DeferredSlot slot = entry.Slot!;
        slot.ReleaseArgument(entry.Argument);
        slot.IsShot = false;
        if (LastOf(slot) == place)
        {
            slot.LastQueued = slot.KeepsLatest ? DeferredSlot.NotQueued : _previous[place];
        }

        entry.Slot = null;
        queue.State.Removed++;
        return (slot, entry.Argument);
    }

    /// <summary>
    /// Links each invocation that is not yet linked to the previous one of the same slot. Not done by each emission, because only a
    /// connection that ends needs the links, and emissions would write to slots that the evaluating thread is reading. Returns false if
    /// there is not enough memory.
    /// </summary>
    private bool TryLink()
    {
        QueuedInvocation[] pending = queue.Pending;
        if (_previous.Length < queue.State.Used && !QueueSizes.TryResize(ref _previous, pending.Length))
        {
            return false;
        }

        for (int place = queue.State.Linked; place < queue.State.Used; place++)
        {
            if (pending[place].Slot is { KeepsLatest: false } slot)
            {
                _previous[place] = LastOf(slot);
                slot.Epoch = queue.State.Epoch;
                slot.LastQueued = place;
            }
        }

        queue.State.Linked = queue.State.Used;
        return true;
    }
}
