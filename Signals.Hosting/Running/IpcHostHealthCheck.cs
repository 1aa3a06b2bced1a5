using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Signals.Ipc;

namespace Signals.Hosting.Running;

/// <summary>Reports whether a host listens, and whether its socket files still exist.</summary>
/// <param name="services">The services of the application.</param>
/// <param name="name">The name of the host.</param>
internal sealed class IpcHostHealthCheck(IServiceProvider services, string name) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Not in the constructor: an exception here fails only this check, an exception there all of them.
        IpcHostService service = services.GetKeyedService<IpcHostService>(name) ?? throw Missing.Of("host", name);
        IpcHost host = services.GetRequiredKeyedService<IpcHost>(name);
        IReadOnlyList<IpcEndpoint> endpoints = service.Endpoints;
        var data = new Dictionary<string, object>
        {
            ["endpoints"] = string.Join(", ", endpoints),
            ["clients"] = host.ClientCount,
            ["activeCalls"] = host.ActiveCalls,
            ["pausedClients"] = host.PausedClients,
            ["refusedClients"] = host.RefusedClientCount,
        };
        string? problem = service.State switch
        {
            HostState.NotStarted => "The host does not listen yet.",
            HostState.Stopped => "The host is stopping or has stopped.",
            _ => endpoints.FirstOrDefault(endpoint => endpoint.Path is { } path && !Path.Exists(path)) is { Path: { } removed }
                ? $"The socket file {removed} was removed: new clients cannot reach the host."
                : null,
        };
        return Task.FromResult(
            problem is null
                ? HealthCheckResult.Healthy($"The host listens on {data["endpoints"]}.", data)
                : new HealthCheckResult(context.Registration.FailureStatus, problem, data: data)
        );
    }
}
