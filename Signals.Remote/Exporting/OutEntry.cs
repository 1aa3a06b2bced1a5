namespace Signals.Remote;

/// <summary>An entry in the queue of a stream.</summary>
internal struct OutEntry
{
    internal OutKind Kind;

    /// <summary>The subscription. Null only if the entry is dead.</summary>
    internal OutSubscription? Subscription;

    /// <summary>The value, until it is sent.</summary>
    internal Payload? Payload;

    /// <summary>The content of an item without a value.</summary>
    internal object? Content;

    /// <summary>The number of the emission, if it is one.</summary>
    internal long Number;

    /// <summary>The position of the next unsent entry of the subscription, or <see cref="OutSubscription.NoEntry"/>.</summary>
    internal long Next;

    /// <summary>Gets a value that indicates whether the entry counts for the limits of the subscription.</summary>
    internal readonly bool IsLimited => Kind is OutKind.Value or OutKind.Current or OutKind.TooLarge or OutKind.Undecodable;

    /// <summary>Gets a value that indicates whether the entry stands for an emission.</summary>
    internal readonly bool IsEmission => IsLimited && Kind != OutKind.Current;
}
