namespace Signals;

/// <summary>
/// The flows of the invocations in an evaluator's queue, by their positions. Guarded like the entries of the queue: those of a round by the thread that
/// evaluates, the others by the lock.
/// </summary>
internal sealed class InvocationFlows
{
    private readonly ulong[][] _ofRound =
    [
        [],
        [],
    ];

    /// <summary>Sets the flow of an invocation that the current thread has queued.</summary>
    internal void Set(long round, int place)
    {
        ulong flow = TraceBuffer.Known?.TakeFlow() ?? 0;
        ref ulong[] flows = ref _ofRound[round & 1];
        if (place < flows.Length)
        {
            flows[place] = flow;
        }
        else if (flow != 0)
        {
            // Without memory, the arrow is missing: an exception here would leave the queue locked.
            if (QueueSizes.TryResize(ref flows, QueueSizes.Larger(place)))
            {
                flows[place] = flow;
            }
        }
    }

    /// <summary>Moves the flow of an invocation to another position.</summary>
    internal void Move(long round, int from, int to)
    {
        ulong[] flows = _ofRound[round & 1];
        if (to < flows.Length)
        {
            flows[to] = from < flows.Length ? flows[from] : 0;
        }
    }

    /// <summary>Returns the flow of an invocation, or zero.</summary>
    internal ulong Get(long round, int place)
    {
        ulong[] flows = _ofRound[round & 1];
        return place < flows.Length ? flows[place] : 0;
    }

    /// <summary>Releases the memory of a round that has ended.</summary>
    internal void Release(long round) => _ofRound[round & 1] = [];
}
