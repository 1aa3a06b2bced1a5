namespace Signals.Remote;

/// <summary>A gap: emissions that an import did not receive. It is reported before the next value.</summary>
/// <param name="Count">The number of emissions, or null if it is unknown.</param>
/// <param name="Cause">The reason.</param>
public readonly record struct Missed(long? Count, MissedCause Cause);
