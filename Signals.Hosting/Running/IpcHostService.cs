using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Signals.Hosting.Configuration;
using Signals.Hosting.Registration;
using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Hosting.Running;

/// <summary>
/// Starts a host after all services of the application have started, and stops the host before them, so that calls can use these services.
/// </summary>
internal sealed class IpcHostService(IServiceProvider services, HostRegistration registration) : IHostedLifecycleService
{
    /// <summary>The name that stands for all sockets of the service manager.</summary>
    private const string AllSockets = "*";

    /// <summary>The host, or null before it starts.</summary>
    private IpcHost? _host;

    /// <summary>The logger of the host.</summary>
    private ILogger _logger = NullLogger.Instance;

    private volatile HostState _state;

    /// <summary>The endpoints that the host listens on. Complete when the state is <see cref="HostState.Listening"/>.</summary>
    private readonly List<IpcEndpoint> _endpoints = [];

    internal HostState State => _state;

    /// <summary>Gets the endpoints that the host listens on, or none while it does not.</summary>
    internal IReadOnlyList<IpcEndpoint> Endpoints => _state == HostState.Listening ? _endpoints : [];

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Exposes the services, and begins to listen.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        IpcHostSettings settings = services.GetRequiredService<IOptionsMonitor<IpcHostSettings>>().Get(registration.Name);
        IpcHost host = services.GetRequiredKeyedService<IpcHost>(registration.Name);
        _host = host;
        _logger = settings.Host.Logger;
        registration.Services.ForEach(service => host.Expose(service(services)));
        registration.Exports.ForEach(export => export(services));
        if (!TryAcceptInherited(host, settings.SocketActivation))
        {
            await ListenAsync(host, settings, cancellationToken).ConfigureAwait(false);
        }

        _state = HostState.Listening;
    }

    /// <summary>Stops the host gracefully, within the grace period of its options and the time that the application has to stop.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _state = HostState.Stopped;
        if (_host is { } host)
        {
            await host.StopAsync(cancellationToken).ConfigureAwait(false);
            HostingLog.Stopped(_logger);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Accepts the clients of the sockets that the service manager has passed. Returns false if it has passed none.</summary>
    private bool TryAcceptInherited(IpcHost host, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return false;
        }

        IReadOnlyList<InheritedSocket> sockets = InheritedSocket.Take(name == AllSockets ? null : name);
        foreach (InheritedSocket socket in sockets)
        {
            Listens(host.Start(socket));
        }

        return sockets.Count > 0;
    }

    private async Task ListenAsync(IpcHost host, IpcHostSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Endpoints.Count == 0)
        {
            throw new IpcException(
                $"The service manager has passed no socket for {nameof(IpcHostSettings.SocketActivation)} \"{settings.SocketActivation}\", and {registration.Section}:{SettingNames.Endpoint} is missing."
            );
        }

        foreach (IpcEndpoint endpoint in settings.Endpoints)
        {
            Listens(await host.StartAsync(endpoint, cancellationToken).ConfigureAwait(false));
        }
    }

    private void Listens(IpcEndpoint endpoint)
    {
        _endpoints.Add(endpoint);
        HostingLog.Listens(_logger, endpoint);
    }
}
