namespace Signals.Remote;

/// <summary>The subscriptions and the queues of exports or imports, for measurements.</summary>
internal struct QueueCounts
{
    internal long Subscriptions;

    /// <summary>The number of entries that wait.</summary>
    internal long Length;

    /// <summary>The size of the values that wait.</summary>
    internal long Bytes;
}
