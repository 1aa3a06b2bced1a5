namespace Signals;

/// <summary>One entry of an evaluator's queue.</summary>
internal struct QueuedInvocation
{
    /// <summary>Whose invocation it is; null when it has been taken back.</summary>
    internal DeferredSlot? Slot;

    /// <summary>Where the slot's store has the arguments.</summary>
    internal int Argument;

    /// <summary>The same slot's invocation before this one, or <see cref="DeferredSlot.NotQueued"/>.</summary>
    internal int Previous;
}
