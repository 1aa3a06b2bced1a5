using Signals.Ipc;

namespace Signals.Tests.Support;

/// <summary>A host on an endpoint of its own, usually a socket file, which writes down who came and went.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipc");
    private readonly Received<ClientInfo> _connected = new();
    private readonly Received<(ClientInfo Client, DisconnectReason Reason)> _disconnected = new();

    internal TestHost(Service? service = null, IpcHostOptions? options = null, Medium medium = Medium.SocketFile)
    {
        Host = new IpcHost(options);
        Host.ClientConnected.Connect(_connected.Add);
        Host.ClientDisconnected.Connect((client, reason) => _disconnected.Add((client, reason)));
        Host.Expose(service ?? new ScriptedGreeter());
        Path = System.IO.Path.Combine(_folder.FullName, "s");
        Endpoint = medium == Medium.InMemory ? IpcEndpoint.InMemory(Path) : IpcEndpoint.UnixSocket(Path);
        Host.Start(Endpoint);
    }

    internal IpcHost Host { get; }

    internal string Path { get; }

    internal IpcEndpoint Endpoint { get; }

    /// <summary>Waits for the next <see cref="IpcHost.ClientConnected"/>.</summary>
    internal ClientInfo NextConnected() => _connected.Next();

    /// <summary>Waits for the next <see cref="IpcHost.ClientDisconnected"/>.</summary>
    internal (ClientInfo Client, DisconnectReason Reason) NextDisconnected() => _disconnected.Next();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync().AsTask().WaitAsync(Bounded.Limit);
        _folder.Delete(recursive: true);
        _connected.Dispose();
        _disconnected.Dispose();
    }
}
