namespace Signals;

/// <summary>Asynchronous slot of which an emission cancels the run, and follows when that has ended.</summary>
internal sealed class SwitchingAsyncSlot<TArguments>(Delegate slot, AsyncSlotOptions options, ConnectionEvaluator? evaluator)
    : AsyncSlot<TArguments>(slot, options, limit: 1, evaluator)
    where TArguments : struct, IArguments<TArguments>
{
    private protected override void Admit(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        AsyncRun<TArguments> active = Active.First!;
        if (active is { HasStarted: false, IsCanceled: false })
        {
            // The evaluator has queued it: the newest emission takes its place in the queue.
            after.End(active);
            (active.Arguments, active.Ticket) = (run.Arguments, run.Ticket);
            run.Ticket = null;
            Skip(run, ref after);
            return;
        }

        if (Queued.First is { } superseded)
        {
            RemoveQueued(superseded, ref after);
        }

        after.Cancel(active);
        Queued.Add(run);
    }
}
