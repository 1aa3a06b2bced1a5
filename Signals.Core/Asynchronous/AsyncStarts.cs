namespace Signals;

/// <summary>The entries of an evaluator's queue that start runs of an asynchronous slot.</summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="slot">The delegate that the user connected.</param>
/// <param name="owner">The slot.</param>
internal sealed class AsyncStarts<TArguments>(ConnectionEvaluator evaluator, Delegate slot, AsyncSlot<TArguments> owner)
    : HeldDeferredSlot<AsyncRun<TArguments>>(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    internal override ConnectionKind Kind => ConnectionKind.DeferredAsynchronous;

    internal override bool RunQueued(ref long argument) => owner.RunQueued(Take(argument));

    protected override void OnDropped(AsyncRun<TArguments> invocation) => owner.OnDropped(invocation);
}
