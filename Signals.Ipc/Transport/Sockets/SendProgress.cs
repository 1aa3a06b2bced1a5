using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Reads from the system how much of the sent data a peer has accepted.</summary>
/// <remarks>
/// A send completes when the system has room for all of its data, and a full socket is reported as writable only when most of it is free again.
/// With a peer that reads slowly, neither happens for a long time.
/// </remarks>
internal static class SendProgress
{
    private const int SolSocket = 1;
    private const int SolTcp = 6;
    private const int SoMemInfo = 55;
    private const int TcpInfo = 11;

    /// <summary>The index of the memory of sent and unread bytes among the nine numbers of <see cref="SoMemInfo"/>.</summary>
    private const int SentMemory = 2;

    /// <summary>The offset, in <see cref="TcpInfo"/>, of the number of bytes that the peer's system has acknowledged.</summary>
    private const int BytesAcknowledged = 120;

    /// <summary>
    /// Returns a number that changes when the peer accepts data: over TCP, with every byte that its system acknowledges; over UNIX sockets, with
    /// every block that it has read completely. Always zero if the system does not report it.
    /// </summary>
    internal static long Mark(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        try
        {
            return socket.AddressFamily == AddressFamily.Unix ? MemoryOf(socket) : AcknowledgedOf(socket);
        }
        catch (Exception exception) when (SocketFailures.IsExpected(exception))
        {
            // The connection is ending, or the system is too old to know the option.
            return 0;
        }
    }

    /// <summary>Returns a value that indicates whether a send would not have to wait. False if the system does not report it exactly.</summary>
    internal static bool HasRoom(Socket socket)
    {
        // Elsewhere a socket may count as writable while a send is pending on it.
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite);
        }
        catch (Exception exception) when (SocketFailures.IsExpected(exception))
        {
            return false;
        }
    }

    private static long MemoryOf(Socket socket)
    {
        Span<uint> memory = stackalloc uint[9];
        socket.GetRawSocketOption(SolSocket, SoMemInfo, MemoryMarshal.AsBytes(memory));
        return memory[SentMemory];
    }

    private static long AcknowledgedOf(Socket socket)
    {
        Span<byte> info = stackalloc byte[BytesAcknowledged + sizeof(long)];
        info.Clear();
        socket.GetRawSocketOption(SolTcp, TcpInfo, info);
        return BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcknowledged..])
            : BinaryPrimitives.ReadInt64BigEndian(info[BytesAcknowledged..]);
    }
}
