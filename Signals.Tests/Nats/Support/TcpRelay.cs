using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Signals.Tests.Nats;

/// <summary>A network between a client and a server, which can be broken, and can stall.</summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly int _port = NatsServer.FreePort();
    private readonly int _target;
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly ManualResetEventSlim _flows = new(initialState: true);
    private Socket? _listener;

    internal TcpRelay(int target)
    {
        _target = target;
        Start();
    }

    internal string Url => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{_port}");

    /// <summary>Accepts connections.</summary>
    internal void Start()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, _port));
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
    }

    /// <summary>Passes nothing on, without closing a connection, until <see cref="Flow"/> is called.</summary>
    internal void Stall() => _flows.Reset();

    internal void Flow() => _flows.Set();

    public void Dispose()
    {
        Flow();
        Break();
    }

    private void Copy(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (from.Receive(buffer) is var received && received > 0)
            {
                _flows.Wait();
                for (int sent = 0; sent < received; )
                {
                    sent += to.Send(buffer.AsSpan(sent, received - sent));
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
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_lock)
                {
                    if (_listener != listener)
                    {
                        client.Dispose();
                        server.Dispose();
                        return;
                    }

                    _sockets.Add(client);
                    _sockets.Add(server);
                }

                await server.ConnectAsync(IPAddress.Loopback, _target);
                client.NoDelay = server.NoDelay = true;
                new Thread(() => Copy(client, server)) { IsBackground = true }.Start();
                new Thread(() => Copy(server, client)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }
}
