namespace Signals.Ipc.Transport;

/// <summary>Accepts the clients of one endpoint, and emits a signal for each of them: the host's side of a transport.</summary>
/// <remarks><see cref="IpcListener"/> is the form for users, who need not know signals.</remarks>
internal abstract class TransportListener : IDisposable
{
    /// <summary>
    /// Gets the signal that is emitted for every accepted client, possibly concurrently. The slot must dispose the transport, and must not block.
    /// </summary>
    internal Signal<IpcTransport> Accepted { get; } = new();

    /// <summary>Gets the endpoint that it listens on. A part that the system chooses, such as TCP port 0, is replaced by the chosen one.</summary>
    internal abstract IpcEndpoint Endpoint { get; }

    /// <summary>Starts to accept clients. Those that have connected before have waited.</summary>
    internal abstract void Start();

    /// <summary>
    /// Stops listening. A signal for a client that was accepted before may still follow. All resources are released even if this throws.
    /// </summary>
    /// <exception cref="IpcException">A resource, such as the socket file, could not be removed.</exception>
    public abstract void Dispose();
}
