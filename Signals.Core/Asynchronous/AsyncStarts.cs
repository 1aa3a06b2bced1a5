namespace Signals;

/// <summary>The entries of an evaluator's queue that start runs of an asynchronous slot.</summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="slot">The delegate that the user connected.</param>
/// <param name="owner">The slot.</param>
internal sealed class AsyncStarts<TArguments>(ConnectionEvaluator evaluator, Delegate slot, AsyncSlot<TArguments> owner) : DeferredSlot(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    private readonly ArgumentStore<AsyncRun<TArguments>> _store = evaluator.StoreOf<AsyncRun<TArguments>>();

    /// <summary>The run that was released last, until <see cref="OnDropped"/> is called. Guarded by the evaluator.</summary>
    private AsyncRun<TArguments>? _dropped;

    internal override ConnectionKind Kind => ConnectionKind.DeferredAsynchronous;

    /// <summary>Gets a value that indicates whether the current thread is evaluating.</summary>
    internal bool IsInsideRound => Evaluator.IsEvaluatingThread;

    /// <summary>Queues a run. Returns false if the evaluator does not run it.</summary>
    internal bool Queue(AsyncRun<TArguments> run) => Evaluator.Enqueue(this, _store, run);

    internal override bool RunQueued(ref long argument) => owner.RunQueued(_store.Take(argument));

    internal override void ReleaseArgument(long argument)
    {
        AsyncRun<TArguments> released = _store.Take(argument);
        if (!HasEnded)
        {
            _dropped = released;
        }
    }

    internal override void DropArgument(long argument) => _store.Drop(argument);

    internal override long CompactArgument(long argument) => _store.Compact(argument);

    internal override object? TakeDropped()
    {
        AsyncRun<TArguments>? dropped = _dropped;
        _dropped = null;
        return dropped;
    }

    internal override void OnDropped(object? dropped)
    {
        if (dropped is not null)
        {
            owner.OnDropped((AsyncRun<TArguments>)dropped);
        }
    }
}
