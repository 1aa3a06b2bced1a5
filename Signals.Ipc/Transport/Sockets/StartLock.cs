using System.Net.Sockets;
using System.Text;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// A lock that a host holds from the check of its path until it listens there. If several hosts find the socket file of a host that has ended, one
/// of them replaces it, and the others find that one listening.
/// </summary>
/// <remarks>
/// The lock is an abstract socket, whose name is unique: it needs no file, and ends with its process. Only Linux has abstract sockets.
/// </remarks>
internal sealed class StartLock : IDisposable
{
    private readonly Socket _socket;

    private StartLock(Socket socket) => _socket = socket;

    /// <summary>Takes the lock of a path.</summary>
    /// <returns>The lock, or null while another host holds it.</returns>
    /// <exception cref="SocketException">The process has no descriptor left.</exception>
    internal static StartLock? TryTake(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0signals.ipc.start.{Hash(Path.GetFullPath(path)):x16}"));
            return new StartLock(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// Returns the 64-bit FNV-1a hash of a path. A collision only makes two hosts start one after the other, and a cryptographic hash would load
    /// libraries, which use descriptors and time.
    /// </summary>
    private static ulong Hash(string path)
    {
        ulong hash = 0xcbf2_9ce4_8422_2325;
        foreach (byte value in Encoding.UTF8.GetBytes(path))
        {
            hash = unchecked((hash ^ value) * 0x0000_0100_0000_01b3);
        }

        return hash;
    }
}
