namespace Signals.Remote;

/// <summary>The options of a subscription, as the exporter has granted them.</summary>
/// <param name="Overflow">The behavior when the queue is full.</param>
/// <param name="Capacity">The maximum number of values between an emission and the slots.</param>
/// <param name="Replay">The earlier emissions that the subscription received.</param>
/// <param name="ReplayCount">The maximum number of replayed emissions.</param>
public sealed record RemoteGrant(RemoteOverflow Overflow, int Capacity, RemoteReplay Replay, int ReplayCount);
