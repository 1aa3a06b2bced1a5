namespace Signals;

/// <summary>Deferred slot with at most one queued invocation, whose arguments are those of the latest emission.</summary>
internal sealed class DeferredLatestSlot<TArguments> : DeferredSlot<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    internal DeferredLatestSlot(ConnectionEvaluator evaluator, Delegate slot)
        : base(evaluator, slot)
    {
        IsAlwaysQueued = false;
        KeepsLatest = true;
    }

    internal override ConnectionKind Kind => ConnectionKind.DeferredLatest;

    internal override Admission Admit(InvocationQueue queue) => queue.Contains(this) ? Admission.Replaced : Admission.Queued;

    internal override bool RunQueued(ref long argument)
    {
        Take(ref argument).Invoke(UserSlot);
        return true;
    }
}
