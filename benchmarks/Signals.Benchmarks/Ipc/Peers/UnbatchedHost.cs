using System.Net.Sockets;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A host that speaks the protocol without this library, and sends each frame with a send of its own, as other implementations do.</summary>
internal sealed class UnbatchedHost : IAsyncDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly Socket _listener;
    private readonly Thread _accepting;

    private UnbatchedHost(Socket listener)
    {
        _listener = listener;
        _accepting = new Thread(Accept) { IsBackground = true };
        _accepting.Start();
    }

    internal static Task<IAsyncDisposable> StartAsync(string path) => Task.FromResult<IAsyncDisposable>(new UnbatchedHost(RawSockets.Listen(path)));

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _accepting.Join();
        return ValueTask.CompletedTask;
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener has been disposed.
        }
    }

    private static void Serve(Socket accepted)
    {
        using Socket socket = accepted;
        byte[] buffer = new byte[BufferSize];
        int filled = 0;
        while (socket.Receive(buffer.AsSpan(filled)) is var count && count != 0)
        {
            filled += count;
            int start = 0;
            while (WireFrames.SizeOfFirst(buffer.AsSpan(start, filled - start)) is var size && size != 0)
            {
                Reply(socket, buffer.AsSpan(start + WireFrames.PrefixSize, size - WireFrames.PrefixSize));
                start += size;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    /// <summary>Replies to a call with its message: the text is the field 1 of both.</summary>
    private static void Reply(Socket socket, ReadOnlySpan<byte> frame)
    {
        (ulong requestId, uint contents) = WireFrames.Parse(frame, out ReadOnlySpan<byte> arguments);
        switch (contents)
        {
            case WireFrames.Bind:
                socket.Send(WireFrames.EncodeBindReply(requestId, "SayHello", "WaveGoodbye", "WatchGreetings"));
                break;
            case WireFrames.Call:
                socket.Send(WireFrames.EncodeReply(requestId, arguments));
                break;
        }
    }
}
