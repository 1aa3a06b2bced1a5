namespace Signals.Remote;

/// <summary>An item that is taken from a stream to be sent.</summary>
/// <param name="Subscription">The number of the subscription.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Payload">The value, which the receiver releases, or null.</param>
/// <param name="Missed">The number of emissions dropped before.</param>
/// <param name="Content">The grant or the reason.</param>
/// <param name="Name">The name, if the subscription is to a pattern; otherwise null.</param>
internal readonly record struct OutItem(uint Subscription, OutKind Kind, Payload? Payload, long Missed, object? Content, string? Name)
{
    /// <summary>Gets the subscription that the item belongs to.</summary>
    internal OutSubscription? Source { get; init; }

    /// <summary>Gets the number of the emission, if the item is an emission.</summary>
    internal long Number { get; init; }
}
