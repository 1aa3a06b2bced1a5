using System.Net.Sockets;

namespace Signals.Tests.Ipc.Host;

internal static class DeadSocket
{
    /// <summary>Leaves what a host leaves that is killed: the runtime removes the file of a socket that is disposed, so it is kept aside meanwhile.</summary>
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
