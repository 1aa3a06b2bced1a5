namespace Signals;

/// <summary>Creates asynchronous slots.</summary>
internal static class AsyncSlots
{
    /// <summary>Creates the adapter for a mode.</summary>
    internal static AsyncSlot<TArguments> Create<TArguments>(Delegate slot, AsyncSlotOptions? options, ConnectionEvaluator? evaluator)
        where TArguments : struct, IArguments<TArguments>
    {
        options ??= new AsyncSlotOptions();
        return options.Mode switch
        {
            AsyncSlotMode.Drop => new DroppingAsyncSlot<TArguments>(slot, options, evaluator),
            AsyncSlotMode.Latest => new LatestAsyncSlot<TArguments>(slot, options, evaluator),
            AsyncSlotMode.Switch => new SwitchingAsyncSlot<TArguments>(slot, options, evaluator),
            AsyncSlotMode.Parallel => new QueueingAsyncSlot<TArguments>(slot, options, options.MaxConcurrency, evaluator),
            _ => new QueueingAsyncSlot<TArguments>(slot, options, limit: 1, evaluator),
        };
    }
}
