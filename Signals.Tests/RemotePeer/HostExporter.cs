using Signals.Ipc;

namespace Signals.Tests.RemotePeer;

/// <summary>A host that exports <see cref="Numbers"/>.</summary>
internal sealed class HostExporter : IAsyncDisposable
{
    private readonly IpcHost _host = new();
    private readonly Numbers _numbers;

    internal HostExporter(IpcEndpoint endpoint)
    {
        _numbers = new Numbers(_host);
        _host.Start(endpoint);
    }

    internal Task<string> RunAsync(string command, long argument) => _numbers.RunAsync(command, argument);

    public async ValueTask DisposeAsync()
    {
        _numbers.Dispose();
        await _host.DisposeAsync();
    }
}
