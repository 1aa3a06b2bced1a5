namespace Signals;

/// <summary>Slot that emits another signal, and ends the connection when that signal has been disposed.</summary>
/// <remarks>
/// The target has no references to the connections: it may outlive any number of signals that emit it and must not keep them alive.
/// </remarks>
internal sealed class ChainSlot<TArguments>(SignalBase target) : TargetSlot<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    public override bool IsTargetAlive => !target.IsDisposed;

    internal override ConnectionKind Kind => ConnectionKind.Chained;

    internal override Delegate UserSlot => target.Emitter;

    internal override object? BoundTarget => target;

    internal override void Run(TArguments arguments)
    {
        if (!target.HasSlots && target.IsDisposed)
        {
            Handle.Disconnect();
            return;
        }

        arguments.Emit(target);
    }
}
