namespace Signals;

/// <summary>Deferred slot of which each emission queues an invocation.</summary>
internal sealed class PlainDeferredSlot<TArguments>(ConnectionEvaluator evaluator, Delegate slot) : DeferredSlot<TArguments>(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    internal override bool RunQueued(ref long argument)
    {
        Take(ref argument).Invoke(UserSlot);
        return true;
    }
}
