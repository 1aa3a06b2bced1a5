namespace Signals;

/// <summary>An adapter that knows its own connection.</summary>
internal abstract class HandleSlot<TArguments>(Delegate slot) : SlotAdapter<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>The connection that this adapter is the slot of.</summary>
    protected ConnectionHandle Handle { get; private set; }

    internal sealed override Delegate UserSlot => slot;

    internal sealed override void OnConnecting(ConnectionHandle handle) => Handle = handle;
}
