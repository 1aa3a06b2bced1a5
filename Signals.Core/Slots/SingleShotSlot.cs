namespace Signals;

/// <summary>
/// Runs the slot once. Whoever ends the connection runs the slot: that settles nested emissions and threads that emit at one moment alike.
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
