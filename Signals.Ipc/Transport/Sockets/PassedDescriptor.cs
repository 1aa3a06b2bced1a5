using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// A descriptor that a service manager has passed to this process. Child processes do not inherit it. A descriptor that a host cannot use is not changed otherwise.
/// </summary>
internal sealed class PassedDescriptor
{
    /// <summary>The offset of the path in the address of a UNIX socket, after the address family.</summary>
    private const int PathOffset = 2;

    /// <summary>The socket, or null once it has been taken or if the descriptor cannot be used.</summary>
    private InheritedSocket? _socket;

    private PassedDescriptor(int number, string name, InheritedSocket? socket, string? problem)
    {
        Number = number;
        Name = name;
        Problem = problem;
        _socket = socket;
    }

    internal int Number { get; }

    internal string Name { get; }

    /// <summary>Gets the end of a sentence that describes why the descriptor cannot be used, or null if it can.</summary>
    internal string? Problem { get; }

    /// <summary>Returns the socket at the first call, and null afterwards.</summary>
    internal InheritedSocket? Take() => Interlocked.Exchange(ref _socket, null);

    /// <summary>Opens a descriptor.</summary>
    internal static PassedDescriptor Open(int number, string name)
    {
        if (OperatingSystem.IsLinux())
        {
            SystemCalls.CloseOnExecute(number);
        }

        var handle = new SafeSocketHandle(number, ownsHandle: true);
        InheritedSocket? opened = TryOpen(handle, name, out string? problem);
        if (opened is null)
        {
            // Not closed, because another part of the program may use the descriptor by its number.
            handle.SetHandleAsInvalid();
        }

        return new PassedDescriptor(number, name, opened, problem);
    }

    private static InheritedSocket? TryOpen(SafeSocketHandle handle, string name, out string? problem)
    {
        problem = null;
        try
        {
            var socket = new Socket(handle);
            if (socket.SocketType != SocketType.Stream || !IsListening(socket))
            {
                problem = "is not a listening stream socket: use ListenStream= and Accept=no in the unit of the socket.";
            }
            else if (EndpointOf(socket) is { } endpoint)
            {
                return new InheritedSocket(name, endpoint, socket);
            }
            else
            {
                problem = $"is a socket of the family {socket.AddressFamily}: a host uses UNIX and TCP sockets.";
            }
        }
        catch (SocketException exception)
        {
            problem = $"cannot be used: {exception.Message}.";
        }

        return null;
    }

    private static bool IsListening(Socket socket) => socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is not 0;

    private static IpcEndpoint? EndpointOf(Socket socket) =>
        socket.LocalEndPoint switch
        {
            IPEndPoint address => IpcEndpoint.Tcp(address.Address.ToString(), address.Port),
            UnixDomainSocketEndPoint address => EndpointOf(address.Serialize()),
            _ => null,
        };

    private static IpcEndpoint? EndpointOf(SocketAddress address)
    {
        Span<byte> path = address.Buffer.Span[PathOffset..address.Size];
        return path switch
        {
            [] => null,
            [0, ..] => IpcEndpoint.AbstractSocket(Encoding.UTF8.GetString(path[1..])),
            _ => IpcEndpoint.UnixSocket(Encoding.UTF8.GetString(path.TrimEnd((byte)0))),
        };
    }
}
