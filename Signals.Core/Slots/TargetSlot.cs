namespace Signals;

/// <inheritdoc cref="ITargetSlot"/>
internal abstract class TargetSlot<TArguments> : SlotAdapter<TArguments>, ITargetSlot
    where TArguments : struct, IArguments<TArguments>
{
    public abstract bool IsTargetAlive { get; }

    public virtual bool IsWeak => false;

    public GenIndex Index => Handle.Index;

    public ITargetSlot? Previous { get; set; }

    public ITargetSlot? Next { get; set; }

    /// <summary>Gets the handle of the slot's connection.</summary>
    protected ConnectionHandle Handle { get; private set; }

    internal override void OnConnecting(ConnectionHandle handle) => Handle = handle;
}
