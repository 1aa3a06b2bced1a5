namespace Signals.Remote;

/// <summary>The reasons why an import did not receive emissions.</summary>
public enum MissedCause
{
    /// <summary>The queue of the subscription was full.</summary>
    Overflow,

    /// <summary>The connection was lost for a while. The export is the same and has counted meanwhile, so the number is exact.</summary>
    Reconnected,

    /// <summary>
    /// The export is another one than before: the exporter was restarted, the name was exported again, or an export that counts only while it is
    /// subscribed, and 30 s longer, has not counted meanwhile. The number is unknown.
    /// </summary>
    Restarted,

    /// <summary>A value was too large for the exchange.</summary>
    TooLarge,

    /// <summary>A codec could not encode or decode a value.</summary>
    Undecodable,
}
