namespace Signals.Remote;

/// <summary>An entry in the queue of an importer's stream: a batch, or a change of the state of an import.</summary>
internal struct InEvent
{
    /// <summary>The bytes of a batch, or null. They are those of the pool.</summary>
    internal byte[]? Bytes;

    internal int Length;

    /// <summary>The items of a batch within the process, or null.</summary>
    internal List<OutItem>? Items;

    /// <summary>The number of the link by which the batch came.</summary>
    internal int Link;

    /// <summary>The import whose state has changed, or null.</summary>
    internal RemoteImport? Import;

    internal RemoteState State;

    /// <summary>The subscription that the import has joined, or null.</summary>
    internal InSubscription? Joined;
}
