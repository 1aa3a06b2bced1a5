namespace Signals;

/// <summary>A connection whose slot an evaluator runs: what the evaluator needs to know of it.</summary>
internal abstract class DeferredSlot(ConnectionEvaluator evaluator, Delegate slot, ConnectionKind kind) : SlotAdapter
{
    /// <summary>What <see cref="LastQueued"/> is when nothing is queued.</summary>
    internal const int NotQueued = -1;

    /// <summary>
    /// The place of its latest invocation in the evaluator's queue, the head of a chain through its earlier ones; it is of the queue that
    /// <see cref="Round"/> names, and of no meaning in another. Guarded by the evaluator.
    /// </summary>
    internal int LastQueued = NotQueued;

    /// <summary>The round of the evaluator in which it was queued last. Guarded by the evaluator.</summary>
    internal long Round = NotQueued;

    /// <summary>Whether a single shot has been queued. Guarded by the evaluator.</summary>
    internal bool IsShot;

    /// <summary>Whether the connection has ended: nothing more is queued, and nothing queued is run. Set under the evaluator's lock.</summary>
    internal volatile bool HasEnded;

    /// <summary>Where the evaluator's register has it.</summary>
    internal GenIndex Registration { get; set; }

    /// <summary>The connection that this is the slot of.</summary>
    internal ConnectionHandle Handle { get; private set; }

    internal override ConnectionKind Kind => kind;

    internal override Delegate UserSlot => slot;

    internal override bool IsNotified => true;

    protected ConnectionEvaluator Evaluator => evaluator;

    internal override void OnConnecting(ConnectionHandle handle) => Handle = handle;

    internal override void OnDisconnected(bool signalEnded)
    {
        evaluator.End(this);
        evaluator.Unregister(this);
    }

    /// <summary>Runs the slot with queued arguments. Returns whether it was run.</summary>
    internal abstract bool RunQueued(int argument);

    /// <summary>Lets go of queued arguments that will not be used.</summary>
    internal abstract void ForgetArgument(int argument);

    /// <summary>Gives up the place of the arguments that were queued last of all.</summary>
    internal abstract void DropArgument(int argument);

    /// <summary>Moves queued arguments to the next place that a compaction fills, and returns that place.</summary>
    internal abstract int CompactArgument(int argument);
}
