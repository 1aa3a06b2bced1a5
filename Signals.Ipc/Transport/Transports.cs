using Signals.Ipc.Transport.Memory;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Ipc.Transport;

/// <summary>Selects the kind of transport of an endpoint. The only place that knows all kinds but those of users.</summary>
internal static class Transports
{
    /// <summary>Returns the connector to the host that listens on an endpoint.</summary>
    internal static IpcConnector ConnectorOf(IpcEndpoint endpoint) => endpoint.IsInMemory ? new MemoryConnector(endpoint) : new SocketConnector(endpoint);

    /// <summary>Starts to listen. No client is accepted before <see cref="TransportListener.Start"/>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="settings">The options.</param>
    /// <param name="cancellationToken">Ends the wait for another host that is starting at the same path, which lasts a few seconds at most.</param>
    /// <exception cref="IpcException">The host cannot listen on the endpoint; the message states the reason and a remedy.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled while the listener waited.</exception>
    internal static TransportListener Listen(IpcEndpoint endpoint, ListenerSettings settings, CancellationToken cancellationToken = default) =>
        endpoint.IsInMemory ? MemoryListener.Listen(endpoint) : SocketListener.Listen(endpoint, settings, cancellationToken);

    /// <summary>Starts to listen, like <see cref="Listen"/>, without blocking the thread while it waits.</summary>
    internal static async Task<TransportListener> ListenAsync(IpcEndpoint endpoint, ListenerSettings settings, CancellationToken cancellationToken) =>
        endpoint.IsInMemory
            ? MemoryListener.Listen(endpoint)
            : await SocketListener.ListenAsync(endpoint, settings, cancellationToken).ConfigureAwait(false);
}
