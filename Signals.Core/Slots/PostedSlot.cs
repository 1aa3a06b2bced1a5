namespace Signals;

/// <summary>Entry of an evaluator's queue that belongs to no signal and runs a posted action.</summary>
internal sealed class PostedSlot(ConnectionEvaluator evaluator, Action action) : DeferredSlot<Arguments>(evaluator, action)
{
    internal override bool IsNeverDropped => true;

    internal override bool RunQueued(ref long argument)
    {
        default(Arguments).Invoke(UserSlot);
        return true;
    }
}
