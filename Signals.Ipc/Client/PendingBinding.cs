namespace Signals.Ipc.Client;

/// <summary>A request for a service that the host has not replied to. Guarded by the connection's lock.</summary>
internal sealed class PendingBinding(ServiceProxy proxy)
{
    /// <summary>The proxy to be bound.</summary>
    internal ServiceProxy Proxy { get; } = proxy;

    /// <summary>Id of the request, or zero until it has been written.</summary>
    internal ulong RequestId { get; set; }

    /// <summary>Runs out when the host has taken too long, or null without such a limit.</summary>
    internal ITimer? Timer { get; set; }
}
