namespace Signals;

/// <summary>
/// Adapter that runs the slot once. Only the emission that ends the connection runs the slot, also among nested and concurrent emissions.
/// </summary>
internal sealed class SingleShotSlot<TArguments>(Delegate slot) : HandleSlot<TArguments>(slot)
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>One if the slot has run for a signal of another class that has no handle; otherwise, zero.</summary>
    private int _hasRun;

    internal override ConnectionKind Kind => ConnectionKind.SingleShot;

    internal override void Run(TArguments arguments)
    {
        if (Handle.Signal is null ? Interlocked.Exchange(ref _hasRun, 1) == 0 : Handle.TryDisconnect())
        {
            arguments.Invoke(UserSlot);
        }
    }
}
