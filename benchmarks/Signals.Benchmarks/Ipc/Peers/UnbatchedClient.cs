using System.Net.Sockets;
using System.Text;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>
/// A client that sends each message with a send of its own, as other implementations of the protocol do: a thread that receives, and makes the next call for each
/// reply.
/// </summary>
internal sealed class UnbatchedClient : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Socket _socket;
    private readonly byte[] _message;

    /// <summary>Returns the size of the first message among received bytes, or zero if it is incomplete.</summary>
    private readonly Func<ReadOnlySpan<byte>, int> _sizeOfFirst;

    private UnbatchedClient(Socket socket, byte[] message, Func<ReadOnlySpan<byte>, int> sizeOfFirst)
    {
        _socket = socket;
        _message = message;
        _sizeOfFirst = sizeOfFirst;
    }

    /// <summary>Connects to a host of this library and binds the echo. All calls have the same id, which the host only repeats.</summary>
    internal static UnbatchedClient ConnectToHost(string path)
    {
        Socket socket = RawSockets.Connect(path);
        socket.Send(WireFrames.EncodeBind(1, "Greeter"));
        var client = new UnbatchedClient(socket, WireFrames.EncodeCall(2, EchoText.Usual), static received => WireFrames.SizeOfFirst(received));
        client.Receive(new byte[BufferSize], 0, out _);
        return client;
    }

    /// <summary>Connects to a raw socket that returns all bytes.</summary>
    internal static UnbatchedClient ConnectToRaw(string path) =>
        new(
            RawEchoClient.Connect(path, RawMode.Awaited),
            Encoding.UTF8.GetBytes(EchoText.Usual),
            static received => received.Length >= EchoText.Size ? EchoText.Size : 0
        );

    /// <summary>Makes calls until the turn ends. Returns the number of replies.</summary>
    internal long Call(Turn turn, int window)
    {
        byte[] buffer = new byte[BufferSize];
        for (int i = 0; i < window; i++)
        {
            _socket.Send(_message);
        }

        long count = 0;
        int filled = 0;
        for (int active = window; active != 0; )
        {
            filled = Receive(buffer, filled, out int replies);
            count += replies;
            active -= replies;
            for (; replies != 0 && !turn.IsOver; replies--)
            {
                _socket.Send(_message);
                active++;
            }
        }

        return count;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Receives once. Returns the number of bytes of an incomplete message at the beginning of the buffer.</summary>
    private int Receive(byte[] buffer, int filled, out int messages)
    {
        int count = _socket.Receive(buffer.AsSpan(filled));
        if (count == 0)
        {
            throw new InvalidOperationException("The host has disconnected.");
        }

        filled += count;
        int start = 0;
        for (messages = 0; _sizeOfFirst(buffer.AsSpan(start, filled - start)) is var size && size != 0; messages++)
        {
            start += size;
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        return filled - start;
    }
}
