using System.Net.Sockets;
using StreamJsonRpc;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A host of StreamJsonRpc on a UNIX socket.</summary>
internal sealed class JsonRpcEchoHost : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Task _accepting;

    private JsonRpcEchoHost(Socket listener)
    {
        _listener = listener;
        _accepting = AcceptAsync();
    }

    internal static Task<IAsyncDisposable> StartAsync(string path) => Task.FromResult<IAsyncDisposable>(new JsonRpcEchoHost(RawSockets.Listen(path)));

    /// <summary>Creates a connection with the fastest framing and formatter.</summary>
    internal static JsonRpc Create(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new JsonRpc(new LengthHeaderMessageHandler(stream, stream, new MessagePackFormatter()));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                JsonRpc connection = Create(await _listener.AcceptAsync());
                connection.AddLocalRpcTarget(new JsonRpcEchoService());
                connection.StartListening();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The listener has been disposed.
                return;
            }
        }
    }
}
