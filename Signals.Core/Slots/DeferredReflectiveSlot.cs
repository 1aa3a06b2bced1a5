namespace Signals;

/// <summary>Deferred slot that receives the handle of its connection.</summary>
internal sealed class DeferredReflectiveSlot<TArguments>(ConnectionEvaluator evaluator, Delegate slot) : DeferredSlot<TArguments>(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    internal override ConnectionKind Kind => ConnectionKind.DeferredReflective;

    internal override bool RunQueued(ref long argument)
    {
        Take(ref argument).InvokeWith(UserSlot, Handle);
        return true;
    }
}
