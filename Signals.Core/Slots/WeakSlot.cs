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

    public override bool IsWeak => true;

    internal override ConnectionKind Kind => ConnectionKind.Weak;

    internal override Delegate UserSlot => slot;

    internal override object? BoundTarget => _target.TryGetTarget(out TTarget? alive) ? alive : null;

    /// <summary>Creates the adapter of a user's slot.</summary>
    /// <exception cref="ArgumentException">The slot is a method of the target itself.</exception>
    internal static WeakSlot<TTarget, TArguments> Create(TTarget target, Delegate slot)
    {
        WeakTargets.ThrowIfKeptAlive(target, slot);
        return new WeakSlot<TTarget, TArguments>(target, slot);
    }

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
