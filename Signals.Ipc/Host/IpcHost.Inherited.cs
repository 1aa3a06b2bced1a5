using Signals.Ipc.Transport;

namespace Signals.Ipc;

/// <content>Sockets that a service manager passes.</content>
public sealed partial class IpcHost
{
    /// <summary>Starts to accept the clients of a listening socket that a service manager has passed to this process.</summary>
    /// <param name="socket">
    /// The socket, which the host closes when it stops, or when this method throws because the host has stopped. Its file remains, with the mode that the
    /// service manager has given it.
    /// </param>
    /// <returns>The endpoint of the socket.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The socket is in use or was closed, or the host is stopping or has stopped.</exception>
    public IpcEndpoint Start(InheritedSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return Serve(socket.Listen(_listenerSettings));
    }
}
