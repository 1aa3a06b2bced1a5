namespace Signals;

/// <summary>A connection whose slot an evaluator runs: what the evaluator needs to know of it.</summary>
internal abstract class DeferredSlot(ConnectionEvaluator evaluator, Delegate slot, ConnectionKind kind) : SlotAdapter
{
    /// <summary>What <see cref="LastQueued"/> is when nothing is queued.</summary>
    internal const int NotQueued = -1;

    /// <summary>Whether nothing but the capacity can be in the way of an emission of this connection while that stands.</summary>
    internal readonly bool IsAlwaysQueued = kind is not (ConnectionKind.DeferredSingleShot or ConnectionKind.DeferredLatest);

    /// <summary>Whether only the latest invocation is kept.</summary>
    internal readonly bool KeepsLatest = kind == ConnectionKind.DeferredLatest;

    /// <summary>
    /// Indicates whether the slot is exempt from the capacity: it is queued even if the queue is full, and is not dropped for another.
    /// </summary>
    internal readonly bool IsNeverDropped = kind == ConnectionKind.Posted;

    /// <summary>
    /// The place of its latest invocation in the evaluator's queue as far as the queue has been linked, the head of a chain through its
    /// earlier ones. It is of the queue as it was in that <see cref="Epoch"/>, and of no meaning in another. Guarded by the evaluator.
    /// </summary>
    internal int LastQueued = NotQueued;

    /// <summary>When <see cref="LastQueued"/> was set: see <see cref="EvaluatorState.Epoch"/>. Guarded by the evaluator.</summary>
    internal long Epoch = NotQueued;

    /// <summary>Whether a single shot has been queued. Guarded by the evaluator.</summary>
    internal bool IsShot;

    /// <summary>Whether the connection has ended: nothing more is queued, and nothing queued is run. Set as the connection goes.</summary>
    internal volatile bool HasEnded;

    /// <summary>The entry in the evaluator's register, or null before there is one. Written before the connection is made.</summary>
    internal DeferredSlotRegistration? Registration { get; set; }

    /// <summary>The connection that this slot belongs to.</summary>
    internal ConnectionHandle Handle { get; private set; }

    internal sealed override ConnectionKind Kind => kind;

    internal sealed override Delegate UserSlot => slot;

    internal override bool IsNotified => true;

    protected ConnectionEvaluator Evaluator => evaluator;

    internal override void OnConnecting(ConnectionHandle handle) => Handle = handle;

    internal override void OnDisconnecting()
    {
        HasEnded = true;

        // Inside the signal's lock, so that nothing is queued any more when a second thread's disconnect returns.
        evaluator.End(this);
    }

    internal override void OnDisconnected(bool signalEnded) => evaluator.Unregister(this);

    /// <summary>Runs the slot with queued arguments, which are let go of. Returns whether it was run.</summary>
    internal abstract bool RunQueued(ref long argument);

    /// <summary>Lets go of queued arguments that will not be used.</summary>
    internal abstract void ForgetArgument(long argument);

    /// <summary>Gives up the place of the arguments that were queued last of all.</summary>
    internal abstract void DropArgument(long argument);

    /// <summary>Moves queued arguments to the next place that a compaction fills, and returns that place.</summary>
    internal abstract long CompactArgument(long argument);
}
