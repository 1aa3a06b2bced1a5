using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signals.Hosting.Registration;
using Signals.Ipc;

namespace Signals.Hosting.Running;

/// <summary>
/// Begins to connect a client before the services of the application start, and disposes the client after they have stopped, so that they can use it until then.
/// </summary>
internal sealed class IpcClientService(IServiceProvider services, ClientRegistration registration) : IHostedLifecycleService
{
    /// <summary>The client, or null before it starts.</summary>
    private IpcClient? _client;

    /// <summary>Begins to connect. An absent host does not delay the start of the application.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _client = services.GetRequiredKeyedService<IpcClient>(registration.Name);
        registration.Exports.ForEach(export => export(services));
        _client.Connect();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the connection.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_client is { } client)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }
}
