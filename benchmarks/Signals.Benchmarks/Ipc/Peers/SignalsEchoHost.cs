using Signals.Ipc;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A host of this library.</summary>
internal static class SignalsEchoHost
{
    internal static Task<IAsyncDisposable> StartAsync(string path)
    {
        var host = new IpcHost();
        host.Expose(new EchoService());
        host.Start(IpcEndpoint.Parse(path));
        return Task.FromResult<IAsyncDisposable>(host);
    }
}
