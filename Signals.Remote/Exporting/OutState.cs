namespace Signals.Remote;

/// <summary>The states of a subscription at the exporter.</summary>
internal enum OutState
{
    /// <summary>Nothing is exported under the name.</summary>
    Waiting,

    /// <summary>It is being decided, or the source is being connected.</summary>
    Pending,

    Granted,

    Refused,

    /// <summary>Refused because of the maximum number of subscribers. Examined again when there is a place.</summary>
    NoPlace,

    /// <summary>Refused because it was too slow. Not examined again.</summary>
    TooSlow,

    /// <summary>The importer has unsubscribed.</summary>
    Ended,
}
