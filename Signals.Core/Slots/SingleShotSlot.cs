namespace Signals;

/// <summary>
/// Adapter that runs the slot once. Only the emission that ends the connection runs the slot, also among nested and concurrent emissions.
/// </summary>
internal sealed class SingleShotSlot<TArguments>(Delegate slot) : HandleSlot<TArguments>(slot)
    where TArguments : struct, IArguments<TArguments>
{
    internal override ConnectionKind Kind => ConnectionKind.SingleShot;

    internal override void Run(TArguments arguments)
    {
        if (Handle.TryDisconnect())
        {
            arguments.Invoke(UserSlot);
        }
    }
}
