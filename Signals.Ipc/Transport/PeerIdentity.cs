namespace Signals.Ipc.Transport;

/// <summary>The identity of a peer that its transport has verified.</summary>
/// <param name="ProcessId">The id of the process.</param>
/// <param name="UserId">The id of the user that the process runs as, or null if the system has none.</param>
/// <param name="GroupId">The id of the group that the process runs as, or null if the system has none.</param>
internal sealed record PeerIdentity(int ProcessId, uint? UserId, uint? GroupId);
