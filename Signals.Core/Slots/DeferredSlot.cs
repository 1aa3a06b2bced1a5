namespace Signals;

/// <summary>
/// Slot that an evaluator runs, with the state that the evaluator needs. Each kind is a class that overrides <see cref="Admit"/> and
/// <see cref="RunQueued"/>.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="slot">The delegate that the user connected.</param>
internal abstract class DeferredSlot(ConnectionEvaluator evaluator, Delegate slot) : SlotAdapter
{
    /// <summary>The value of <see cref="LastQueued"/> if no invocation is queued.</summary>
    internal const int NotQueued = -1;

    /// <summary>
    /// Indicates whether <see cref="Admit"/> always queues, as long as the connection is active and the queue is not full. A field and not a
    /// virtual member, because each emission reads it.
    /// </summary>
    internal bool IsAlwaysQueued = true;

    /// <summary>Indicates whether only the latest invocation is kept.</summary>
    internal bool KeepsLatest;

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

    internal override ConnectionKind Kind => ConnectionKind.Deferred;

    internal sealed override Delegate UserSlot => slot;

    internal override ConnectionEvaluator? RunsOn => evaluator;

    internal override bool IsNotified => true;

    /// <summary>
    /// Gets a value that indicates whether the slot is exempt from the capacity: it is queued even if the queue is full, and it is not dropped
    /// in favor of another.
    /// </summary>
    internal virtual bool IsNeverDropped => false;

    protected ConnectionEvaluator Evaluator => evaluator;

    internal sealed override void OnPreparing() => evaluator.Register(this);

    internal sealed override void OnRejected() => evaluator.Unregister(this);

    internal sealed override void OnConnected()
    {
        // The disposing thread marks the evaluator as disposed and then examines the connections. Without the barrier, this read may
        // precede the moment at which other processors see the connection, and then neither thread would end it.
        Interlocked.MemoryBarrier();
        if (evaluator.IsDisposed)
        {
            Handle.Disconnect();
        }

        Handle.Signal?.Remember(evaluator.Reference);
    }

    internal sealed override void OnConnecting(ConnectionHandle handle) => Handle = handle;

    internal override void OnDisconnecting()
    {
        HasEnded = true;

        // While the signal's lock is held, so that no invocation is queued any more when a concurrent disconnect on another thread returns.
        evaluator.End(this);
    }

    internal override void OnDisconnected(bool signalEnded) => evaluator.Unregister(this);

    /// <summary>
    /// Determines what becomes of an emission, before the capacity is looked at. Called while the evaluator's lock is held. Must not run user
    /// code.
    /// </summary>
    internal virtual Admission Admit(InvocationQueue queue) => Admission.Queued;

    /// <summary>
    /// Returns the invocation that <see cref="ReleaseArgument"/> has released because the queue was full, if the slot is to be told. Called while
    /// the evaluator's lock is held.
    /// </summary>
    internal virtual object? TakeDropped() => null;

    /// <summary>Called after an invocation was dropped because the queue was full, while no lock is held.</summary>
    /// <param name="dropped">The result of <see cref="TakeDropped"/>.</param>
    internal virtual void OnDropped(object? dropped) { }

    /// <summary>Runs the slot with queued arguments, and releases these. Returns whether the slot was run.</summary>
    internal abstract bool RunQueued(ref long argument);

    /// <summary>Releases queued arguments that will not be used.</summary>
    internal abstract void ReleaseArgument(long argument);

    /// <summary>Frees the location of the arguments that were queued last.</summary>
    internal abstract void DropArgument(long argument);

    /// <summary>Moves queued arguments to the next location that a compaction fills, and returns that location.</summary>
    internal abstract long CompactArgument(long argument);
}
