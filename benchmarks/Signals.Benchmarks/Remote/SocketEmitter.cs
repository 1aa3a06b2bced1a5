using System.Net.Sockets;
using Signals.Benchmarks.Ipc;

namespace Signals.Benchmarks.Remote;

/// <summary>A raw socket whose sends are awaited, for comparison.</summary>
internal sealed class SocketEmitter : IEmitter
{
    private readonly Socket _listener;
    private readonly Task<Socket> _socket;
    private readonly byte[] _bytes = new byte[StampedValue.Size];

    internal SocketEmitter(string path)
    {
        _listener = RawSockets.Listen(path);
        _socket = _listener.AcceptAsync();
    }

    public async ValueTask EmitAsync(StampedValue value, bool isLast)
    {
        value.Write(_bytes);
        await (await _socket).SendAsync(_bytes);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        if (_socket.IsCompletedSuccessfully)
        {
            _socket.Result.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
