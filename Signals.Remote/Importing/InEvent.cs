namespace Signals.Remote;

/// <summary>An entry in the queue of an importer's stream: a batch, or a change of the state of an import or a subscription.</summary>
internal struct InEvent
{
    /// <summary>The flow by which a batch came, or null.</summary>
    internal InFlow? Flow;

    /// <summary>The bytes of a batch, or null. They are those of the pool.</summary>
    internal byte[]? Bytes;

    internal int Length;

    /// <summary>The items of a batch within the process, or null.</summary>
    internal List<OutItem>? Items;

    /// <summary>
    /// For each item of a batch that changes a state, in order: the state of the subscription afterwards, and whether the importer has refused the item. Null
    /// if there are none.
    /// </summary>
    internal Queue<(RemoteState State, bool IsRefused)>? States;

    /// <summary>The import whose state has changed, or null.</summary>
    internal RemoteImport? Import;

    internal RemoteState State;

    /// <summary>The subscription that the import has joined, or null.</summary>
    internal InSubscription? Joined;

    /// <summary>The subscription whose state has changed, or null.</summary>
    internal InSubscription? Subscription;

    /// <summary>The connection that was lost, which has changed it, or null.</summary>
    internal InLink? Lost;
}
