namespace Signals;

/// <summary>Asynchronous slot that keeps only the newest emission while it is running.</summary>
internal sealed class LatestAsyncSlot<TArguments>(Delegate slot, AsyncSlotOptions options, ConnectionEvaluator? evaluator)
    : AsyncSlot<TArguments>(slot, options, limit: 1, evaluator)
    where TArguments : struct, IArguments<TArguments>
{
    private protected override void Admit(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        if (Queued.First is { } superseded)
        {
            RemoveQueued(superseded, ref after);
        }

        Queued.Add(run);
    }
}
