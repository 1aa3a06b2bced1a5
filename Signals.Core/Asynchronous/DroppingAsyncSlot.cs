namespace Signals;

/// <summary>Asynchronous slot that skips emissions while it is running.</summary>
internal sealed class DroppingAsyncSlot<TArguments>(Delegate slot, AsyncSlotOptions options, ConnectionEvaluator? evaluator)
    : AsyncSlot<TArguments>(slot, options, limit: 1, evaluator)
    where TArguments : struct, IArguments<TArguments>
{
    private protected override void Admit(AsyncRun<TArguments> run, ref Aftermath<TArguments> after) => Skip(run, ref after);
}
