using Microsoft.Extensions.Hosting;
using Signals.Ipc;

namespace Signals.Tests.Hosting.Support;

/// <summary>A hosted service of an application, which records what works when it starts and stops.</summary>
internal sealed class Recorder(Func<string, Task> record) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => record("start");

    public Task StopAsync(CancellationToken cancellationToken) => record("stop");

    /// <summary>Returns a value that indicates whether a host accepts a client at an endpoint.</summary>
    internal static async Task<bool> CanConnectAsync(IpcEndpoint endpoint)
    {
        await using var client = new IpcClient(endpoint);
        try
        {
            await client.ConnectAsync().Within("the attempt to connect");
            return true;
        }
        catch (IpcException)
        {
            return false;
        }
    }
}
