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
            socket.Bind(new UnixDomainSocketEndPoint($"\0signals.ipc.start.{Hash(Path.GetFullPath(path)):x32}"));
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
    /// Returns the 128-bit FNV-1a hash of a path. A collision only makes two hosts start one after the other, and a cryptographic hash would load
    /// libraries, which use descriptors.
    /// </summary>
    private static UInt128 Hash(string path)
    {
        var prime = new UInt128(0x0000_0000_0100_0000, 0x0000_0000_0000_013b);
        var hash = new UInt128(0x6c62_272e_07bb_0142, 0x62b8_2175_6295_c58d);
        foreach (byte value in Encoding.UTF8.GetBytes(path))
        {
            hash = unchecked((hash ^ value) * prime);
        }

        return hash;
    }
}
