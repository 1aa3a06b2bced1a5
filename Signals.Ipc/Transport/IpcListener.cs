namespace Signals.Ipc.Transport;

/// <summary>Accepts clients over a transport of one's own: see <see cref="IpcHost.Start(IpcListener)"/>.</summary>
public abstract class IpcListener : IDisposable
{
    /// <summary>Initializes a new instance of the <see cref="IpcListener"/> class.</summary>
    protected IpcListener() { }

    /// <summary>Gets the endpoint that it listens on, which names it in logs and messages.</summary>
    public abstract IpcEndpoint Endpoint { get; }

    /// <summary>
    /// Waits for the next client. Called again as soon as it has returned one, so a handshake belongs to <see cref="IpcTransport.IdentifyPeerAsync"/>. If it
    /// throws, the host logs the exception and calls it again after a pause.
    /// </summary>
    /// <param name="cancellationToken">A token that is canceled when the host stops.</param>
    /// <returns>The established transport, which the host disposes.</returns>
    public abstract Task<IpcTransport> AcceptAsync(CancellationToken cancellationToken);

    /// <summary>Stops listening. Called once, on the thread pool, when the host stops.</summary>
    public abstract void Dispose();
}
