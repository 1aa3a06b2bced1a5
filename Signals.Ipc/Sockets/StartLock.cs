using System.Net.Sockets;
using System.Text;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Held by a host from its look at what is on its path until it listens there, so that of several hosts that find the same dead socket file one
/// replaces it and the others find that one alive.
/// </summary>
/// <remarks>It is an abstract socket, of whose name there is one: it needs no file, and goes with its process. Other systems than Linux have none.</remarks>
internal sealed class StartLock : IDisposable
{
    private readonly Socket _socket;

    private StartLock(Socket socket) => _socket = socket;

    /// <summary>Takes the lock of a path.</summary>
    /// <returns>Null while another host has it.</returns>
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
    /// FNV-1a with 128 bits. Two paths of one hash only make their hosts start one after the other, and a cryptographic hash would load libraries,
    /// which take descriptors.
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
