namespace Signals;

/// <summary>The entries of an evaluator's queue that call a slot with a target that they do not keep alive.</summary>
internal sealed class DeferredWeakInvocations<TTarget, TArguments>(ConnectionEvaluator evaluator, WeakReference<TTarget> target, Delegate slot)
    : DeferredSlot<TArguments>(evaluator, slot)
    where TTarget : class
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>Gets a value that indicates whether the target still exists.</summary>
    internal bool IsTargetAlive => target.TryGetTarget(out _);

    internal override ConnectionKind Kind => ConnectionKind.DeferredWeak;

    internal override object? BoundTarget => target.TryGetTarget(out TTarget? alive) ? alive : null;

    internal override bool RunQueued(ref long argument)
    {
        TArguments arguments = Take(ref argument);
        if (!target.TryGetTarget(out TTarget? alive))
        {
            Handle.Disconnect();
            return false;
        }

        arguments.InvokeWith(UserSlot, alive);
        return true;
    }
}
