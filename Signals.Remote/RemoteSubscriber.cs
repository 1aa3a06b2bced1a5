namespace Signals.Remote;

/// <summary>The process that subscribes to an export, or asks to set an exported property.</summary>
/// <param name="Id">The number of the subscriber's connection, which its exchange assigns. It is unique while the exporter exists.</param>
/// <param name="ProcessId">The id of its process, if the system tells it.</param>
/// <param name="UserId">The id of its user, if the system tells it.</param>
public sealed record RemoteSubscriber(long Id, int? ProcessId = null, long? UserId = null);
