namespace Signals.Remote;

/// <summary>The reply of one exporter to a subscription. Guarded by the lock of the imports.</summary>
internal sealed class InReply(InLink link, string? name = null)
{
    /// <summary>The state: <see cref="RemoteState.Waiting"/>, <see cref="RemoteState.Live"/> or <see cref="RemoteState.Refused"/>.</summary>
    internal RemoteState State = RemoteState.Waiting;

    /// <summary>Indicates whether the exchange refuses by itself, without asking the exporter. It counts only if no exporter was asked.</summary>
    internal bool IsOwnRefusal;

    internal string? Reason;

    internal RemoteGrant? Granted;

    /// <summary>The exports through which the values come, while it is live.</summary>
    internal string[] Path = [];

    /// <summary>Indicates whether a property is exported. The import may be that of a signal.</summary>
    internal bool IsProperty;

    internal InLink Link => link;

    /// <summary>Gets the name, if it is one of those of a pattern; otherwise null.</summary>
    internal string? Name => name;
}
