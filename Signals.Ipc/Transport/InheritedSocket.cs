using System.Net.Sockets;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Ipc.Transport;

/// <summary>
/// A listening socket that a service manager has opened and passed to this process, as systemd does with the sockets of a <c>.socket</c> unit: clients that
/// connect while the process starts or is restarted wait until it is ready. <see cref="IpcHost.Start(InheritedSocket)"/> accepts its clients.
/// </summary>
/// <remarks>All members are thread-safe.</remarks>
public sealed class InheritedSocket : IDisposable
{
    /// <summary>The socket, or null once it belongs to a host or has been closed.</summary>
    private Socket? _socket;

    internal InheritedSocket(string name, IpcEndpoint endpoint, Socket socket)
    {
        Name = name;
        Endpoint = endpoint;
        _socket = socket;
    }

    /// <summary>
    /// Gets the name that the service manager has given to the socket (<c>FileDescriptorName=</c>): by default that of the unit, such as
    /// <c>greeter.socket</c>, and <c>unknown</c> if it passes no names.
    /// </summary>
    public string Name { get; }

    /// <summary>Gets the endpoint that the socket listens on.</summary>
    public IpcEndpoint Endpoint { get; }

    /// <summary>
    /// Takes the sockets that the service manager has passed in the environment variables <c>LISTEN_FDS</c>, <c>LISTEN_PID</c> and <c>LISTEN_FDNAMES</c>. Each
    /// socket can be taken once. Processes that this process starts do not inherit them.
    /// </summary>
    /// <param name="name">The name of the sockets to take, or null for all sockets that a host can use; other descriptors are then ignored.</param>
    /// <returns>
    /// The sockets, in the order in which they were passed. Empty if the service manager has passed no such sockets, if they have all been taken, and on systems
    /// other than Linux.
    /// </returns>
    /// <exception cref="IpcException">
    /// <c>LISTEN_FDS</c> is not a number, or a descriptor with the name is not a listening UNIX or TCP socket. The message names the descriptor and the reason.
    /// </exception>
    public static IReadOnlyList<InheritedSocket> Take(string? name = null) => PassedSockets.OfProcess.Take(name);

    /// <summary>Closes the socket, unless it belongs to a host. The socket file, if any, remains, because it belongs to the service manager.</summary>
    public void Dispose() => Interlocked.Exchange(ref _socket, null)?.Dispose();

    /// <summary>Returns the name and the endpoint, for logs and debuggers.</summary>
    /// <returns>A description of the socket.</returns>
    public override string ToString() => $"{Name} ({Endpoint})";

    /// <summary>Returns a listener that owns the socket from then on.</summary>
    /// <exception cref="InvalidOperationException">The socket belongs to a host already, or has been closed.</exception>
    internal TransportListener Listen(ListenerSettings settings) =>
        SocketListener.Adopt(
            Interlocked.Exchange(ref _socket, null)
                ?? throw new InvalidOperationException(
                    $"The inherited socket {this} belongs to a host already or was closed. Start one host with each socket."
                ),
            Endpoint,
            settings
        );
}
