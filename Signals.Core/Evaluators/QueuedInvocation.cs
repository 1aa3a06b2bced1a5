namespace Signals;

/// <summary>One entry of an evaluator's queue.</summary>
internal struct QueuedInvocation
{
    /// <summary>Whose invocation it is; null when it has been taken back or taken out to be run.</summary>
    internal DeferredSlot? Slot;

    /// <summary>The arguments, or where the slot's store has them. Only the slot can tell: see <see cref="DeferredSlot{TArguments}"/>.</summary>
    internal long Argument;
}
