namespace Signals.Remote;

/// <summary>Imports with the same key share a subscription.</summary>
internal sealed record SubscriptionKey(
    InStream Stream,
    string Name,
    string TypeName,
    bool IsProperty,
    bool IsExclusive,
    bool IsPattern,
    RemoteOverflow? Overflow,
    int? Capacity,
    RemoteReplay? Replay,
    int? ReplayCount
);
