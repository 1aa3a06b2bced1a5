using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>A client with a bound proxy.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly IpcClient _client;

    private ClientSession(IpcClient client) => _client = client;

    internal GreeterProxy Proxy { get; } = new();

    internal static async Task<ClientSession> OpenAsync(IpcEndpoint endpoint, IpcClientOptions? options = null)
    {
        var session = new ClientSession(new IpcClient(endpoint, options));
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

    /// <summary>Binds another proxy of the service in the place of <see cref="Proxy"/>.</summary>
    internal Task RebindAsync(ServiceProxy proxy)
    {
        Proxy.Dispose();
        return _client.BindAsync(proxy);
    }

    public async ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        await _client.DisposeAsync();
    }
}
