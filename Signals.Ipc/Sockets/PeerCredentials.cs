using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signals.Ipc.Sockets;

/// <summary>The identity of the peer of a UNIX socket, as reported by the kernel.</summary>
internal readonly record struct PeerCredentials(int ProcessId, int UserId, int GroupId)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Returns the credentials, or null if the kernel does not report them: over TCP, and on systems other than Linux.</summary>
    internal static PeerCredentials? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix || !OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(credentials));
        return new PeerCredentials(credentials[0], credentials[1], credentials[2]);
    }
}
