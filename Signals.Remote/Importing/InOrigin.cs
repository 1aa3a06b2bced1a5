namespace Signals.Remote;

/// <summary>The numbers of the emissions of one export, as they arrive in a subscription. Used by the evaluator only.</summary>
internal sealed class InOrigin
{
    /// <summary>The connection by which it comes, or null while that is lost.</summary>
    internal InLink? Link;

    /// <summary>The name, if it is one of those of a pattern; otherwise null.</summary>
    internal string? Name;

    /// <summary>Indicates whether the subscription is granted. Otherwise the name was withdrawn or the subscription refused.</summary>
    internal bool IsLive;

    /// <summary>Identifies the export.</summary>
    internal ulong Epoch;

    /// <summary>Indicates whether it was reported, after its connection was lost, that an unknown number was missed.</summary>
    internal bool IsReported;

    /// <summary>The value of a property that is not given to the slots, because another export has the name.</summary>
    internal KeptValue? Held;

    /// <summary>The number of the last emission that has arrived or was reported as missed.</summary>
    private long _last;

    /// <summary>The number of the last emission that the items of this connection have described.</summary>
    private long _described;

    /// <summary>Takes note of a grant of the same export. Returns the number of emissions that were missed before.</summary>
    internal long Continue(ulong described)
    {
        _described = (long)Math.Min(described, long.MaxValue);
        long missed = Math.Max(0, _described - _last);
        _last += missed;
        return missed;
    }

    /// <summary>Takes note of the grant of an export that was not known.</summary>
    internal void Begin(ulong epoch, ulong described)
    {
        Epoch = epoch;
        _last = _described = (long)Math.Min(described, long.MaxValue);
    }

    /// <summary>Counts an emission and those dropped before it. Returns false if it has arrived before.</summary>
    /// <param name="missed">The number of emissions that were dropped before.</param>
    /// <param name="dropped">The number of dropped emissions before this one that were not reported yet.</param>
    internal bool Count(ulong missed, out long dropped)
    {
        long first = _described + (long)Math.Min(missed, long.MaxValue / 4);
        dropped = Math.Max(0, first - Math.Max(_described, _last));
        _described = first + 1;
        if (_described <= _last)
        {
            return false;
        }

        _last = _described;
        return true;
    }
}
