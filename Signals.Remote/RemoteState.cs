namespace Signals.Remote;

/// <summary>The states of an import.</summary>
public enum RemoteState
{
    /// <summary>There is no connection to the import, so it is not subscribed.</summary>
    Idle,

    /// <summary>The import is wanted, but there is no connection to the exporter yet, or nothing is exported under its name.</summary>
    Waiting,

    /// <summary>The import is subscribed: emissions arrive, or gaps are told.</summary>
    Live,

    /// <summary>The import was live, and the connection to the exporter is lost. It becomes live again by itself.</summary>
    Stale,

    /// <summary>The exporter refuses the subscription. <see cref="RemoteImport.StateReason"/> tells why.</summary>
    Refused,

    /// <summary>The import or its importer was disposed.</summary>
    Ended,
}
