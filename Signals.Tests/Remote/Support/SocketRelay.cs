using System.Net.Sockets;
using Signals.Ipc;

namespace Signals.Tests.Remote;

/// <summary>Listens at a socket file and passes the bytes of each connection on to another one, until the connections are broken.</summary>
internal sealed class SocketRelay(string path, string target) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private Socket? _listener;

    /// <summary>Starts a relay in a folder, whose own path is returned as the endpoint.</summary>
    internal static SocketRelay StartIn(DirectoryInfo folder, string target, out IpcEndpoint endpoint)
    {
        string path = Path.Combine(folder.FullName, "r");
        endpoint = IpcEndpoint.UnixSocket(path);
        var relay = new SocketRelay(path, target);
        relay.Start();
        return relay;
    }

    /// <summary>Accepts connections.</summary>
    internal void Start()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        lock (_lock)
        {
            _listener = listener;
        }

        _ = AcceptAsync(listener);
    }

    /// <summary>Breaks the connections, and accepts no more.</summary>
    internal void Break()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            _sockets.ForEach(static socket => socket.Dispose());
            _sockets.Clear();
        }

        File.Delete(path);
    }

    public void Dispose() => Break();

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var received && received > 0)
            {
                for (int sent = 0; sent < received; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, received - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Broken.
        }

        from.Dispose();
        to.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync();
                var host = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                bool isOpen;
                lock (_lock)
                {
                    isOpen = _listener == listener;
                    _sockets.Add(client);
                    _sockets.Add(host);
                }

                if (!isOpen)
                {
                    Break();
                    return;
                }

                await host.ConnectAsync(new UnixDomainSocketEndPoint(target));
                _ = CopyAsync(client, host);
                _ = CopyAsync(host, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }
}
