namespace Signals;

/// <summary>The entries of an evaluator's queue for whose end emissions wait.</summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="slot">The delegate that the user connected.</param>
internal sealed class BlockingCalls<TArguments>(ConnectionEvaluator evaluator, Delegate slot) : HeldDeferredSlot<BlockingCall<TArguments>>(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>The calls for which emissions wait. Also the lock that guards it.</summary>
    private readonly List<BlockingCall<TArguments>> _waiting = [];

    internal override ConnectionKind Kind => ConnectionKind.Blocking;

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
            if (!Queue(call) || HasEnded)
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

    internal override bool RunQueued(ref long argument) => Take(argument).TryRun(UserSlot);

    protected override void OnDropped(BlockingCall<TArguments> invocation) => invocation.GiveUp();
}
