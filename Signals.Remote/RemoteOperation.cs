namespace Signals.Remote;

/// <summary>
/// The messages that an importer sends to an exporter. Their bytes are opaque for an exchange, which carries them in order. See
/// signal_exchange.proto.
/// </summary>
public enum RemoteOperation
{
    /// <summary>Begins a stream of batches.</summary>
    Watch = 1,

    /// <summary>Wants a signal.</summary>
    Subscribe = 2,

    /// <summary>No longer wants signals.</summary>
    Unsubscribe = 3,

    /// <summary>Reports what the importer has handled.</summary>
    Credit = 4,

    /// <summary>Asks to set a property. The exporter replies.</summary>
    RequestSet = 5,

    /// <summary>Asks for the exported names. The exporter replies.</summary>
    List = 6,

    /// <summary>Ends a stream of batches, which has no subscriptions any more.</summary>
    Unwatch = 7,
}
