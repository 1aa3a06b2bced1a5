using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signals.Ipc.Sockets;

/// <summary>Reads from the system how far a peer has got with what was sent to it.</summary>
/// <remarks>
/// A send completes when the system has room for all of it, and a full socket is reported as writable only when most of it is free again: of a
/// peer that reads slowly, neither is seen for a long time.
/// </remarks>
internal static class SendProgress
{
    private const int SolSocket = 1;
    private const int SolTcp = 6;
    private const int SoMemInfo = 55;
    private const int TcpInfo = 11;

    /// <summary>The place of the memory that sent and unread bytes take, among the nine numbers of <see cref="SoMemInfo"/>.</summary>
    private const int SentMemory = 2;

    /// <summary>The offset of the number of bytes that the peer's system has acknowledged.</summary>
    private const int BytesAcknowledged = 120;

    /// <summary>
    /// Returns a number that changes when the peer takes something: over TCP with every byte that its system acknowledges, over UNIX sockets with every
    /// piece that it has read whole. Always zero where the system does not tell.
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
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcknowledged..]) : BinaryPrimitives.ReadInt64BigEndian(info[BytesAcknowledged..]);
    }
}
