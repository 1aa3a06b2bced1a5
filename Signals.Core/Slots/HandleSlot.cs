namespace Signals;

/// <summary>Adapter that has the handle of its own connection.</summary>
internal abstract class HandleSlot<TArguments>(Delegate slot) : SlotAdapter<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>Gets the handle of the adapter's connection.</summary>
    protected ConnectionHandle Handle { get; private set; }

    internal sealed override Delegate UserSlot => slot;

    internal sealed override void OnConnecting(ConnectionHandle handle) => Handle = handle;
}
