namespace Signals;

/// <summary>
/// Adapter that calls the slot with a target that it does not keep alive, and ends the connection when the target has been collected.
/// </summary>
internal sealed class WeakSlot<TTarget, TArguments>(TTarget target, Delegate slot) : TargetSlot<TArguments>
    where TTarget : class
    where TArguments : struct, IArguments<TArguments>
{
    private readonly WeakReference<TTarget> _target = new(target);

    public override bool IsTargetAlive => _target.TryGetTarget(out _);

    internal override ConnectionKind Kind => ConnectionKind.Weak;

    internal override Delegate UserSlot => slot;

    internal override void Run(TArguments arguments)
    {
        if (_target.TryGetTarget(out TTarget? target))
        {
            arguments.InvokeWith(slot, target);
        }
        else
        {
            Handle.Disconnect();
        }
    }
}
