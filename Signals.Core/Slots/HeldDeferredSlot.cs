namespace Signals;

/// <summary>
/// Deferred slot whose queued invocations are objects that somebody waits for, and which therefore learn that the evaluator does not run them.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="slot">The delegate that the user connected.</param>
internal abstract class HeldDeferredSlot<TInvocation>(ConnectionEvaluator evaluator, Delegate slot) : DeferredSlot(evaluator, slot)
    where TInvocation : class
{
    private readonly ArgumentStore<TInvocation> _store = evaluator.StoreOf<TInvocation>();

    /// <summary>The invocation that was released last because the queue was full, until <see cref="OnDropped(object?)"/> is called. Guarded by the evaluator.</summary>
    private TInvocation? _dropped;

    /// <summary>Gets a value that indicates whether the current thread is evaluating.</summary>
    internal bool IsInsideRound => Evaluator.IsEvaluatingThread;

    /// <summary>Queues an invocation. Returns false if the evaluator does not run it.</summary>
    internal bool Queue(TInvocation invocation) => Evaluator.Enqueue(this, _store, invocation);

    internal override void ReleaseArgument(long argument)
    {
        TInvocation released = Take(argument);
        if (!HasEnded)
        {
            _dropped = released;
        }
    }

    internal override void DropArgument(long argument) => _store.Drop(argument);

    internal override long CompactArgument(long argument) => _store.Compact(argument);

    internal override object? TakeDropped()
    {
        TInvocation? dropped = _dropped;
        _dropped = null;
        return dropped;
    }

    internal override void OnDropped(object? dropped)
    {
        if (dropped is not null)
        {
            OnDropped((TInvocation)dropped);
        }
    }

    /// <summary>Called while no lock is held when the evaluator has dropped an invocation because its queue was full.</summary>
    protected abstract void OnDropped(TInvocation invocation);

    /// <summary>Takes the invocation of an entry of the queue.</summary>
    protected TInvocation Take(long argument) => _store.Take(argument);
}
