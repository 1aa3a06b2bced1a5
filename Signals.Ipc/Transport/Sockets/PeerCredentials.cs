using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Reads the identity of the peer of a UNIX socket from the kernel.</summary>
internal static class PeerCredentials
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Returns the identity, or null if the kernel does not report it: over TCP, and on systems other than Linux.</summary>
    /// <exception cref="SocketException">The socket is not connected.</exception>
    internal static PeerIdentity? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix || !OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(credentials));
        return new PeerIdentity
        {
            ProcessId = credentials[0],
            UserId = (uint)credentials[1],
            GroupId = (uint)credentials[2],
        };
    }
}
