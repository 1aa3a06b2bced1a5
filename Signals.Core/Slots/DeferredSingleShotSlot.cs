namespace Signals;

/// <summary>Deferred slot that the first emission queues, and whose connection ends immediately before it runs.</summary>
internal sealed class DeferredSingleShotSlot<TArguments> : DeferredSlot<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    internal DeferredSingleShotSlot(ConnectionEvaluator evaluator, Delegate slot)
        : base(evaluator, slot) => IsAlwaysQueued = false;

    internal override ConnectionKind Kind => ConnectionKind.DeferredSingleShot;

    internal override Admission Admit(InvocationQueue queue) => IsShot ? Admission.Skipped : Admission.Queued;

    internal override bool RunQueued(ref long argument)
    {
        TArguments arguments = Take(ref argument);
        if (Handle.Signal is null)
        {
            // A signal of another class that has no handles: the connection ends here.
            OnDisconnecting();
            OnDisconnected(signalEnded: false);
        }
        else if (!Handle.TryDisconnect())
        {
            return false;
        }

        arguments.Invoke(UserSlot);
        return true;
    }
}
