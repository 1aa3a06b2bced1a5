namespace Signals.Remote;

/// <summary>The items that one exporter sends in one stream.</summary>
internal sealed class InFlow(InLink link, InStream stream)
{
    /// <summary>The size of what waits in the queue of the stream. Guarded by the lock of the imports.</summary>
    internal long QueuedBytes;

    // The rest is used by the evaluator only.

    /// <summary>The number of items that were handled, and how many of these were reported.</summary>
    internal ulong Taken;
    internal ulong Reported;

    /// <summary>Indicates whether the flow is in the list of those whose number is to be reported.</summary>
    internal bool IsDue;

    internal InLink Link => link;

    internal InStream Stream => stream;
}
