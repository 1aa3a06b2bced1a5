using System.Diagnostics;
using System.Net.Sockets;

namespace Signals.Benchmarks.Ipc;

/// <summary>Round trips of sixteen bytes without a protocol, for comparison.</summary>
internal static class RawSockets
{
    private const int PayloadSize = 16;

    internal static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    /// <summary>Accepts one connection and echoes its data until it ends.</summary>
    internal static async Task EchoAwaitedAsync(Socket listener)
    {
        using Socket socket = await listener.AcceptAsync();
        byte[] payload = new byte[PayloadSize];
        while (await socket.ReceiveAsync(payload) is var count && count != 0)
        {
            await socket.SendAsync(payload.AsMemory(0, count));
        }
    }

    /// <inheritdoc cref="EchoAwaitedAsync"/>
    internal static void EchoBlocking(Socket listener)
    {
        using Socket socket = listener.Accept();
        byte[] payload = new byte[PayloadSize];
        while (socket.Receive(payload) is var count && count != 0)
        {
            socket.Send(payload.AsSpan(0, count));
        }
    }

    internal static Socket Listen(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }

    internal static async Task MeasureAwaitedAsync(Socket socket, double[] microseconds)
    {
        byte[] payload = new byte[PayloadSize];
        for (int i = 0; i < microseconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await socket.SendAsync(payload);
            for (int received = 0; received < PayloadSize; )
            {
                received += RequireAny(await socket.ReceiveAsync(payload.AsMemory(received)));
            }

            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    internal static void MeasureBlocking(Socket socket, double[] microseconds)
    {
        byte[] payload = new byte[PayloadSize];
        for (int i = 0; i < microseconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            socket.Send(payload);
            for (int received = 0; received < PayloadSize; )
            {
                received += RequireAny(socket.Receive(payload.AsSpan(received)));
            }

            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    private static int RequireAny(int count) => count != 0 ? count : throw new InvalidOperationException("The other side of the raw socket ended.");
}
