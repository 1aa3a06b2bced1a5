using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>The settings of TCP sockets on both sides.</summary>
internal static class TcpSettings
{
    /// <summary>The interval at which a silent peer is probed by default.</summary>
    internal static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>The number of unanswered probes after which the connection is broken.</summary>
    private const int Probes = 3;

    /// <summary>The maximum number of seconds that the system accepts for an interval.</summary>
    private const int MaxSeconds = 32767;

    /// <summary>
    /// Sets the options of a socket. Small frames are sent immediately, and a machine that is no longer reachable is detected within a minute, also
    /// before the connection sets its own interval.
    /// </summary>
    internal static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        SetKeepAlive(socket, KeepAlive);
    }

    /// <summary>Sets the interval at which the system probes a peer from which it receives nothing. An infinite interval ends the probing.</summary>
    internal static void SetKeepAlive(Socket socket, TimeSpan interval)
    {
        bool isOn = interval != Timeout.InfiniteTimeSpan;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, isOn);
        if (isOn)
        {
            int seconds = (int)Math.Clamp(Math.Ceiling(interval.TotalSeconds), 1, MaxSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        }
    }
}
