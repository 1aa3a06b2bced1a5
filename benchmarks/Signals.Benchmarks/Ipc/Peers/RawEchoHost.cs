using System.Buffers.Binary;
using System.Net.Sockets;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A host of raw sockets, without a protocol.</summary>
internal sealed class RawEchoHost : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;

    /// <summary>The number of bytes of a send, for many small messages.</summary>
    internal const int ChunkSize = 16 * 1024;

    private static readonly TimeSpan LongestSpin = TimeSpan.FromMilliseconds(1);

    private readonly Socket _listener;
    private readonly Task _accepting;

    private RawEchoHost(Socket listener)
    {
        _listener = listener;
        _accepting = AcceptAsync();
    }

    internal static Task<IAsyncDisposable> StartAsync(string path) => Task.FromResult<IAsyncDisposable>(new RawEchoHost(RawSockets.Listen(path)));

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener has been disposed.
        }
    }

    private static async Task ServeAsync(Socket accepted)
    {
        using Socket socket = accepted;
        byte[] buffer = new byte[BufferSize];
        try
        {
            await socket.ReceiveAsync(buffer.AsMemory(0, 1));
            switch ((RawMode)buffer[0])
            {
                case RawMode.Awaited:
                    await EchoAsync(socket, buffer, BufferSize);
                    break;
                case RawMode.Unbatched:
                    await EchoAsync(socket, buffer, EchoText.Size);
                    break;
                case RawMode.Blocking:
                    await Task.Factory.StartNew(() => Echo(socket, buffer, TimeSpan.Zero), TaskCreationOptions.LongRunning);
                    break;
                case RawMode.Spinning:
                    await Task.Factory.StartNew(() => Echo(socket, buffer, LongestSpin), TaskCreationOptions.LongRunning);
                    break;
                case RawMode.Sink:
                    await SinkAsync(socket, buffer);
                    break;
                case RawMode.Source:
                    await SendAsync(socket, buffer);
                    break;
            }
        }
        catch (SocketException)
        {
            // The client has disconnected.
        }
    }

    private static async Task EchoAsync(Socket socket, byte[] buffer, int largestSend)
    {
        while (await socket.ReceiveAsync(buffer) is var count && count != 0)
        {
            for (int start = 0; start < count; start += largestSend)
            {
                await socket.SendAsync(buffer.AsMemory(start, Math.Min(largestSend, count - start)));
            }
        }
    }

    private static void Echo(Socket socket, byte[] buffer, TimeSpan longestSpin)
    {
        while (true)
        {
            RawSockets.Spin(socket, longestSpin);
            int count = socket.Receive(buffer);
            if (count == 0)
            {
                return;
            }

            socket.Send(buffer.AsSpan(0, count));
        }
    }

    private static async Task SinkAsync(Socket socket, byte[] buffer)
    {
        while (await ReadNumberAsync(socket, buffer) is { } left)
        {
            while (left > 0)
            {
                left -= await socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(left, BufferSize)));
            }

            await socket.SendAsync(buffer.AsMemory(0, 1));
        }
    }

    private static async Task SendAsync(Socket socket, byte[] buffer)
    {
        while (await ReadNumberAsync(socket, buffer) is { } left)
        {
            for (; left > 0; left -= ChunkSize)
            {
                await socket.SendAsync(buffer.AsMemory(0, (int)Math.Min(left, ChunkSize)));
            }
        }
    }

    private static async Task<long?> ReadNumberAsync(Socket socket, byte[] buffer)
    {
        for (int received = 0; received < sizeof(long); )
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(received, sizeof(long) - received));
            if (count == 0)
            {
                return null;
            }

            received += count;
        }

        return BinaryPrimitives.ReadInt64LittleEndian(buffer);
    }
}
