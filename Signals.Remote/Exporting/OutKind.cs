namespace Signals.Remote;

/// <summary>The kinds of items of an exporter's stream.</summary>
internal enum OutKind : byte
{
    /// <summary>An item that was dropped before it was sent.</summary>
    Dead,

    /// <summary>An emission.</summary>
    Value,

    /// <summary>The current value of a property.</summary>
    Current,

    /// <summary>An emission that is too large.</summary>
    TooLarge,

    /// <summary>An emission that could not be encoded.</summary>
    Undecodable,

    /// <summary>The subscription is granted.</summary>
    Granted,

    /// <summary>The subscription is refused.</summary>
    Refused,

    /// <summary>The name is no longer exported.</summary>
    Withdrawn,

    /// <summary>The values of a granted subscription come through other exports than before.</summary>
    Path,
}
