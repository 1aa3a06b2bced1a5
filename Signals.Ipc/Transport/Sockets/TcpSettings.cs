using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>The settings of TCP sockets on both sides.</summary>
internal static class TcpSettings
{
    /// <summary>The number of idle seconds after which the system sends a keep-alive probe to the peer.</summary>
    internal const int KeepAliveSeconds = 30;

    /// <summary>The number of seconds between two probes.</summary>
    internal const int ProbeSeconds = 10;

    /// <summary>The number of unanswered probes after which the connection is broken.</summary>
    internal const int Probes = 3;

    /// <summary>
    /// Sets the options of a socket. Small frames are sent immediately, and a machine that is no longer reachable is detected within a minute, even
    /// on an idle connection, which has no other time limit.
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
