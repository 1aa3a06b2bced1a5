namespace Signals;

/// <summary>Adapter that queues invocations while the target is alive, and ends the connection when it has been collected.</summary>
internal sealed class DeferredWeakSlot<TTarget, TArguments>(ConnectionEvaluator evaluator, TTarget target, Delegate slot) : TargetSlot<TArguments>
    where TTarget : class
    where TArguments : struct, IArguments<TArguments>
{
    private readonly DeferredWeakInvocations<TTarget, TArguments> _invocations = new(evaluator, new WeakReference<TTarget>(target), slot);

    public override bool IsTargetAlive => _invocations.IsTargetAlive;

    public override bool IsWeak => true;

    internal override ConnectionKind Kind => ConnectionKind.DeferredWeak;

    internal override Delegate UserSlot => _invocations.UserSlot;

    internal override object? BoundTarget => _invocations.BoundTarget;

    internal override ConnectionEvaluator? RunsOn => _invocations.RunsOn;

    internal override bool IsNotified => true;

    internal override void OnPreparing() => _invocations.OnPreparing();

    internal override void OnRejected() => _invocations.OnRejected();

    internal override void OnConnecting(ConnectionHandle handle)
    {
        base.OnConnecting(handle);
        _invocations.OnConnecting(handle);
    }

    internal override void OnConnected() => _invocations.OnConnected();

    internal override void OnDisconnecting() => _invocations.OnDisconnecting();

    internal override void OnDisconnected(bool signalEnded) => _invocations.OnDisconnected(signalEnded);

    internal override void Run(TArguments arguments)
    {
        if (IsTargetAlive)
        {
            _invocations.Queue(arguments);
        }
        else
        {
            Handle.Disconnect();
        }
    }
}
