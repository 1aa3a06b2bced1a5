namespace Signals.Nats.Connections;

/// <summary>An operation of the sending loop: a message, or the begin or end of a subscription.</summary>
internal readonly struct Outgoing
{
    /// <summary>Gets the subject.</summary>
    internal required string Subject { get; init; }

    /// <summary>Gets the function that creates the message when it is sent, or returns null if it is not needed any more. Null if this is not a message.</summary>
    internal Func<byte[]?>? Create { get; init; }

    /// <summary>Gets the subscription that begins, or null.</summary>
    internal PortSubscription? Begin { get; init; }

    /// <summary>Gets the subscription that ends, or null.</summary>
    internal PortSubscription? End { get; init; }
}
