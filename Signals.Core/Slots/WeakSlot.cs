namespace Signals;

/// <summary>What the signal asks a weak slot without knowing its types.</summary>
internal interface IWeakSlot
{
    /// <summary>Whether the target is still there.</summary>
    bool IsTargetAlive { get; }
}

/// <summary>Calls the slot with a target that it does not keep alive, and ends the connection when the target has gone.</summary>
internal sealed class WeakSlot<TTarget, TArguments>(TTarget target, Delegate slot) : HandleSlot<TArguments>(slot), IWeakSlot
    where TTarget : class
    where TArguments : struct, IArguments<TArguments>
{
    private readonly WeakReference<TTarget> _target = new(target);

    public bool IsTargetAlive => _target.TryGetTarget(out _);

    internal override ConnectionKind Kind => ConnectionKind.Weak;

    internal override void Run(TArguments arguments)
    {
        if (_target.TryGetTarget(out TTarget? target))
        {
            arguments.InvokeWith(UserSlot, target);
        }
        else
        {
            Handle.Disconnect();
        }
    }
}
