namespace Signals.Nats.Connections;

/// <summary>Something that the sending loop does.</summary>
internal readonly struct Outgoing
{
    /// <summary>Gets the subject.</summary>
    internal required string Subject { get; init; }

    /// <summary>Gets the function that creates the message as it is sent, which returns null if it is not needed; null if this is not a message.</summary>
    internal Func<byte[]?>? Create { get; init; }

    /// <summary>Gets the subscription that begins, or null.</summary>
    internal PortSubscription? Begin { get; init; }

    /// <summary>Gets the subscription that ends, or null.</summary>
    internal PortSubscription? End { get; init; }
}
