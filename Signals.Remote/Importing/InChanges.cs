namespace Signals.Remote;

/// <summary>The changes of states that the items of a batch make.</summary>
internal struct InChanges
{
    /// <summary>The imports that are concerned, or null if there are none.</summary>
    internal List<RemoteImport>? Imports;

    /// <summary>The state after each item that changes one, and whether the importer has refused the item; null if there are none.</summary>
    internal Queue<(RemoteState State, bool IsRefused)>? States;

    /// <summary>Indicates whether messages for the exporter were queued.</summary>
    internal bool Sends;

    internal void Add(RemoteState state, bool isRefused) => (States ??= new Queue<(RemoteState State, bool IsRefused)>()).Enqueue((state, isRefused));
}
