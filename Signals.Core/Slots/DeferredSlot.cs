namespace Signals;

/// <summary>Slot that an evaluator runs, with the state that the evaluator needs.</summary>
internal abstract class DeferredSlot(ConnectionEvaluator evaluator, Delegate slot, ConnectionKind kind) : SlotAdapter
{
    /// <summary>The value of <see cref="LastQueued"/> if no invocation is queued.</summary>
    internal const int NotQueued = -1;

    /// <summary>
    /// Indicates whether each emission queues an invocation, as long as the connection is active and the queue is not full.
    /// </summary>
    internal readonly bool IsAlwaysQueued = kind is not (ConnectionKind.DeferredSingleShot or ConnectionKind.DeferredLatest);

    /// <summary>Indicates whether only the latest invocation is kept.</summary>
    internal readonly bool KeepsLatest = kind == ConnectionKind.DeferredLatest;

    /// <summary>
    /// Indicates whether the slot is exempt from the capacity: it is queued even if the queue is full, and it is not dropped in favor of
    /// another.
    /// </summary>
    internal readonly bool IsNeverDropped = kind == ConnectionKind.Posted;

    /// <summary>
    /// Position of the slot's latest linked invocation in the evaluator's queue, which is the head of a chain through the earlier ones.
    /// Valid only in the epoch of the queue that <see cref="Epoch"/> specifies. Guarded by the evaluator.
    /// </summary>
    internal int LastQueued = NotQueued;

    /// <summary>Value of <see cref="EvaluatorState.Epoch"/> when <see cref="LastQueued"/> was set. Guarded by the evaluator.</summary>
    internal long Epoch = NotQueued;

    /// <summary>Indicates whether the invocation of a single-shot slot has been queued. Guarded by the evaluator.</summary>
    internal bool IsShot;

    /// <summary>
    /// Indicates whether the connection has ended, after which no invocations are queued and queued ones do not run. Set when the
    /// connection ends.
    /// </summary>
    internal volatile bool HasEnded;

    /// <summary>
    /// Gets or sets the entry in the evaluator's register, or null before the slot is registered. Set before the connection is made.
    /// </summary>
    internal DeferredSlotRegistration? Registration { get; set; }

    /// <summary>Gets the handle of the slot's connection.</summary>
    internal ConnectionHandle Handle { get; private set; }

    internal sealed override ConnectionKind Kind => kind;

    internal sealed override Delegate UserSlot => slot;

    internal override bool IsNotified => true;

    protected ConnectionEvaluator Evaluator => evaluator;

    internal override void OnConnecting(ConnectionHandle handle) => Handle = handle;

    internal override void OnDisconnecting()
    {
        HasEnded = true;

        // While the signal's lock is held, so that no invocation is queued any more when a concurrent disconnect on another thread returns.
        evaluator.End(this);
    }

    internal override void OnDisconnected(bool signalEnded) => evaluator.Unregister(this);

    /// <summary>Runs the slot with queued arguments, and releases these. Returns whether the slot was run.</summary>
    internal abstract bool RunQueued(ref long argument);

    /// <summary>Releases queued arguments that will not be used.</summary>
    internal abstract void ReleaseArgument(long argument);

    /// <summary>Frees the location of the arguments that were queued last.</summary>
    internal abstract void DropArgument(long argument);

    /// <summary>Moves queued arguments to the next location that a compaction fills, and returns that location.</summary>
    internal abstract long CompactArgument(long argument);
}
