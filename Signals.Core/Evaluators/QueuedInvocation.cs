namespace Signals;

/// <summary>Entry of an evaluator's queue.</summary>
internal struct QueuedInvocation
{
    /// <summary>The slot to invoke, or null if the invocation has been removed or has run.</summary>
    internal DeferredSlot? Slot;

    /// <summary>
    /// The arguments, or their location in the slot's store, depending on their type: see <see cref="DeferredSlot{TArguments}"/>.
    /// </summary>
    internal long Argument;
}
