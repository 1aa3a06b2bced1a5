using System.Diagnostics;
using System.Net.Sockets;

namespace Signals.Benchmarks.Ipc;

/// <summary>Raw sockets, and round trips over them on a thread that blocks or spins.</summary>
internal static class RawSockets
{
    private const int SpinsBetweenChecks = 10;

    internal static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    internal static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }

    /// <summary>Measures round trips, in each of which the thread spins for at most the specified time before it blocks.</summary>
    internal static void Time(Socket socket, byte[] payload, TimeSpan longestSpin, double[] microseconds)
    {
        byte[] reply = new byte[payload.Length];
        for (int i = 0; i < microseconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            socket.Send(payload);
            for (int received = 0; received < reply.Length; )
            {
                Spin(socket, longestSpin);
                received += RequireAny(socket.Receive(reply.AsSpan(received)));
            }

            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    /// <summary>Waits until bytes are available, but no longer than the specified time.</summary>
    internal static void Spin(Socket socket, TimeSpan longest)
    {
        long start = Stopwatch.GetTimestamp();
        while (longest > TimeSpan.Zero && socket.Available == 0 && Stopwatch.GetElapsedTime(start) < longest)
        {
            Thread.SpinWait(SpinsBetweenChecks);
        }
    }

    private static int RequireAny(int count) => count != 0 ? count : throw new InvalidOperationException("The other side of the raw socket ended.");
}
