namespace Signals.Ipc.Client;

/// <summary>A request for a service that the host has not replied to. Guarded by the lock of the bindings.</summary>
internal sealed class PendingBinding(ServiceProxy proxy)
{
    /// <summary>Gets the proxy to bind.</summary>
    internal ServiceProxy Proxy { get; } = proxy;

    /// <summary>Gets or sets the id of the request, or zero until it has been written.</summary>
    internal ulong RequestId { get; set; }

    /// <summary>Gets or sets the timer of the time limit for the reply, or null if there is no limit.</summary>
    internal ITimer? Timer { get; set; }
}
