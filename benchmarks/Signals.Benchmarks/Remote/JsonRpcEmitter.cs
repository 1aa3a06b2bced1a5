using System.Net.Sockets;
using Signals.Benchmarks.Ipc;
using StreamJsonRpc;

namespace Signals.Benchmarks.Remote;

/// <summary>An event of a target of StreamJsonRpc, which the library relays to its one client.</summary>
internal sealed class JsonRpcEmitter : IEmitter
{
    private readonly Socket _listener;
    private readonly Source _source = new();
    private readonly Task<JsonRpc> _connection;

    internal JsonRpcEmitter(string path)
    {
        _listener = RawSockets.Listen(path);
        _connection = AcceptAsync();
    }

    /// <summary>Creates a connection with the fastest framing and formatter.</summary>
    internal static JsonRpc Create(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new JsonRpc(new LengthHeaderMessageHandler(stream, stream, new MessagePackFormatter()));
    }

    public async ValueTask EmitAsync(StampedValue value, bool isLast)
    {
        await _connection;
        _source.Emit(value);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        if (_connection.IsCompletedSuccessfully)
        {
            _connection.Result.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async Task<JsonRpc> AcceptAsync()
    {
        JsonRpc connection = Create(await _listener.AcceptAsync());
        connection.AddLocalRpcTarget(_source);
        connection.StartListening();
        return connection;
    }

    private sealed class Source
    {
        public event EventHandler<byte[]>? Emitted;

        internal void Emit(StampedValue value)
        {
            // An array for each value: the library encodes it later.
            byte[] bytes = new byte[StampedValue.Size];
            value.Write(bytes);
            Emitted?.Invoke(this, bytes);
        }
    }
}
