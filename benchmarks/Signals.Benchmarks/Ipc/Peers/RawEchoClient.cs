using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client of raw sockets. Its calls in flight are sent together, and the next ones when all replies have arrived.</summary>
internal sealed class RawEchoClient : EchoClient
{
    private readonly string _path;
    private readonly Socket _echo;

    /// <summary>The sockets that send or receive only, or null before they are needed.</summary>
    private Socket? _sink;
    private Socket? _source;

    private RawEchoClient(string path, RawMode mode)
    {
        _path = path;
        _echo = Connect(path, mode);
    }

    internal static Task<EchoClient> ConnectAsync(string path) => Task.FromResult<EchoClient>(new RawEchoClient(path, RawMode.Awaited));

    /// <summary>Connects to a host that replies to each message with a send of its own.</summary>
    internal static RawEchoClient ConnectUnbatched(string path) => new(path, RawMode.Unbatched);

    internal static Socket Connect(string path, RawMode mode)
    {
        Socket socket = RawSockets.Connect(path);
        socket.Send([(byte)mode]);
        return socket;
    }

    internal override Task CallOnceAsync(string text)
    {
        byte[] sent = Encoding.UTF8.GetBytes(text);
        return EchoAsync(sent, new byte[sent.Length]);
    }

    internal override async Task<long> CallAsync(Turn turn, int window, string text)
    {
        byte[] sent = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(text), window).SelectMany(bytes => bytes)];
        byte[] received = new byte[sent.Length];
        long count = 0;
        for (; !turn.IsOver; count += window)
        {
            await EchoAsync(sent, received);
        }

        return count;
    }

    internal override async Task SendAsync(string text, int count)
    {
        _sink ??= Connect(_path, RawMode.Sink);
        long left = (long)count * text.Length;
        await SendNumberAsync(_sink, left);
        byte[] chunk = new byte[RawEchoHost.ChunkSize];
        for (; left > 0; left -= chunk.Length)
        {
            await _sink.SendAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)));
        }

        Require(await _sink.ReceiveAsync(chunk.AsMemory(0, 1)) == 1);
    }

    internal override async Task WatchAsync(int count)
    {
        _source ??= Connect(_path, RawMode.Source);
        long left = (long)count * EchoText.Size;
        await SendNumberAsync(_source, left);
        byte[] chunk = new byte[RawEchoHost.ChunkSize];
        while (left > 0)
        {
            left -= await ReceiveAsync(_source, chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)));
        }
    }

    public override ValueTask DisposeAsync()
    {
        _echo.Dispose();
        _sink?.Dispose();
        _source?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<long> CallInTurnAsync(Turn turn, string text) => CallAsync(turn, window: 1, text);

    private async Task EchoAsync(byte[] sent, byte[] received)
    {
        // Not awaited until all bytes are back: the system has no room for the calls of a large window.
        ValueTask<int> sending = _echo.SendAsync(sent.AsMemory());
        for (int count = 0; count < received.Length; )
        {
            count += await ReceiveAsync(_echo, received.AsMemory(count));
        }

        await sending;
        Require(sent.AsSpan().SequenceEqual(received));
    }

    private static async Task SendNumberAsync(Socket socket, long number)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        await socket.SendAsync(bytes);
    }

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        int count = await socket.ReceiveAsync(buffer);
        Require(count != 0);
        return count;
    }
}
