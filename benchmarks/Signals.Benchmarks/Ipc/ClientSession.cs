using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>A client with a bound proxy.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly IpcClient _client;

    private ClientSession(IpcClient client) => _client = client;

    internal GreeterProxy Proxy { get; } = new();

    internal static async Task<ClientSession> OpenAsync(IpcEndpoint endpoint)
    {
        var session = new ClientSession(new IpcClient(endpoint));
        try
        {
            await session._client.ConnectAsync();
            await session._client.BindAsync(session.Proxy);
            return session;
        }
        catch (IpcException)
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        await _client.DisposeAsync();
    }
}
