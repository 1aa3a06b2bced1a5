using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>What sockets of both sides have in common over TCP.</summary>
internal static class TcpSettings
{
    /// <summary>After how many seconds of silence the system asks whether the peer is still there.</summary>
    internal const int KeepAliveSeconds = 30;

    /// <summary>How many seconds it waits for an answer.</summary>
    internal const int ProbeSeconds = 10;

    /// <summary>After how many questions without an answer the connection is broken.</summary>
    internal const int Probes = 3;

    /// <summary>
    /// Small frames go out at once, and a machine that has vanished without a word is noticed within a minute: nobody else would tell, since a
    /// connection may be silent for as long as it likes.
    /// </summary>
    internal static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }
}
