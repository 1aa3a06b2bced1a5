namespace Signals;

/// <summary>The entries of an evaluator's queue for whose end emissions wait.</summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="slot">The delegate that the user connected.</param>
internal sealed class BlockingCalls<TArguments>(ConnectionEvaluator evaluator, Delegate slot) : DeferredSlot(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    private readonly ArgumentStore<BlockingCall<TArguments>> _store = evaluator.StoreOf<BlockingCall<TArguments>>();

    /// <summary>The calls for which emissions wait. Also the lock that guards it.</summary>
    private readonly List<BlockingCall<TArguments>> _waiting = [];

    /// <summary>The call that was released last because the queue was full. Guarded by the evaluator.</summary>
    private BlockingCall<TArguments>? _dropped;

    internal override ConnectionKind Kind => ConnectionKind.Blocking;

    /// <summary>Gets a value that indicates whether the current thread is evaluating.</summary>
    internal bool IsInsideRound => Evaluator.IsEvaluatingThread;

    /// <summary>Queues an invocation and waits until it has run or is given up. Throws what the slot throws.</summary>
    internal void Call(TArguments arguments)
    {
        var call = new BlockingCall<TArguments>(arguments);
        using (Uninterruptible.Enter(_waiting))
        {
            _waiting.Add(call);
        }

        try
        {
            if (!Evaluator.Enqueue(this, _store, call) || HasEnded)
            {
                // The connection may have ended before the call was in the list.
                call.GiveUp();
            }

            call.Wait();
        }
        finally
        {
            using (Uninterruptible.Enter(_waiting))
            {
                _waiting.Remove(call);
            }
        }
    }

    /// <summary>Gives up all calls that have not begun, after the connection has ended.</summary>
    internal void GiveUpAll()
    {
        BlockingCall<TArguments>[] calls;
        using (Uninterruptible.Enter(_waiting))
        {
            calls = [.. _waiting];
        }

        foreach (BlockingCall<TArguments> call in calls)
        {
            call.GiveUp();
        }
    }

    internal override bool RunQueued(ref long argument) => _store.Take(argument).TryRun(UserSlot);

    internal override void ReleaseArgument(long argument)
    {
        BlockingCall<TArguments> released = _store.Take(argument);
        if (!HasEnded)
        {
            _dropped = released;
        }
    }

    internal override void DropArgument(long argument) => _store.Drop(argument);

    internal override long CompactArgument(long argument) => _store.Compact(argument);

    internal override object? TakeDropped()
    {
        BlockingCall<TArguments>? dropped = _dropped;
        _dropped = null;
        return dropped;
    }

    internal override void OnDropped(object? dropped) => (dropped as BlockingCall<TArguments>)?.GiveUp();
}
