using System.Net.Sockets;

namespace Signals.Tests.Ipc.Host;

internal static class DeadSocket
{
    /// <summary>Leaves the socket file of a killed host. The runtime removes the file of a disposed socket, so it is moved away first.</summary>
    internal static void Leave(string path)
    {
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
    }
}
