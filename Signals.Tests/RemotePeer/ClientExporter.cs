using Signals.Ipc;

namespace Signals.Tests.RemotePeer;

/// <summary>A client that exports <see cref="Numbers"/> to its host.</summary>
internal sealed class ClientExporter : IAsyncDisposable
{
    private readonly IpcClient _client;
    private readonly Numbers _numbers;

    internal ClientExporter(IpcEndpoint endpoint)
    {
        _client = new IpcClient(endpoint, new IpcClientOptions { Reconnect = true, Retry = true });
        _numbers = new Numbers(_client);
        _client.Connect();
    }

    internal Task<string> RunAsync(string command, long argument) => _numbers.RunAsync(command, argument);

    public async ValueTask DisposeAsync()
    {
        _numbers.Dispose();
        await _client.DisposeAsync();
    }
}
