using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Signals.Ipc;

namespace Signals.Hosting.Running;

/// <summary>Reports whether a client is connected, and for how long it has not been.</summary>
/// <param name="services">The services of the application.</param>
/// <param name="name">The name of the client.</param>
/// <param name="tolerance">The time without a connection after which the check fails.</param>
internal sealed class IpcClientHealthCheck(IServiceProvider services, string name, TimeSpan tolerance) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Not in the constructor: an exception here fails only this check, an exception there all of them.
        ConnectionHistory history = services.GetKeyedService<ConnectionHistory>(name) ?? throw Missing.Of("client", name);
        IpcClient client = services.GetRequiredKeyedService<IpcClient>(name);
        bool isConnected = client.IsConnected;
        (TimeSpan time, string? reason) = isConnected ? default : history.Current;
        var data = new Dictionary<string, object>
        {
            ["endpoint"] = client.Endpoint.ToString(),
            ["connected"] = isConnected,
            ["pendingCalls"] = client.PendingCalls,
        };
        if (isConnected)
        {
            return Task.FromResult(HealthCheckResult.Healthy($"The client is connected to {client.Endpoint}.", data));
        }

        data["disconnectedFor"] = time;
        HealthStatus status = time < tolerance ? HealthStatus.Degraded : context.Registration.FailureStatus;
        string seconds = time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        string description = $"The client has not been connected to {client.Endpoint} for {seconds} s. {reason ?? "It is connecting."}";
        return Task.FromResult(new HealthCheckResult(status, description, data: data));
    }
}
