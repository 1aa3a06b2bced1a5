using Microsoft.Extensions.Diagnostics.HealthChecks;
using Signals.Hosting.Running;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of hosts and clients of Signals.Ipc.</summary>
public static class IpcHealthChecksBuilderExtensions
{
    /// <summary>The time without a connection after which a client is unhealthy by default.</summary>
    private static readonly TimeSpan DefaultTolerance = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds a check of a host, with the name <c>ipc-host</c> or <c>ipc-host-NAME</c>. The check fails while the host does not listen, or if one of its
    /// socket files was removed. Its data contains the endpoints and the numbers of clients and calls.
    /// </summary>
    /// <param name="builder">The builder of the health checks.</param>
    /// <param name="name">The name of the host, or null for the host without a name.</param>
    /// <param name="failureStatus">The status of a failure, or null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the check, or null for none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddIpcHost(
        this IHealthChecksBuilder builder,
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        string key = name ?? "";
        return builder.Add(
            new HealthCheckRegistration(CheckName("ipc-host", key), services => new IpcHostHealthCheck(services, key), failureStatus, tags)
        );
    }

    /// <summary>
    /// Adds a check of a client, with the name <c>ipc-client</c> or <c>ipc-client-NAME</c>. A client that is not connected is
    /// <see cref="HealthStatus.Degraded"/> at first, and the check fails after the tolerance. Its data contains the time since the client was connected.
    /// </summary>
    /// <param name="builder">The builder of the health checks.</param>
    /// <param name="name">The name of the client, or null for the client without a name.</param>
    /// <param name="tolerance">The time without a connection after which the check fails, or null for 10 s. With zero, the check fails at once.</param>
    /// <param name="failureStatus">The status of a failure, or null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The tags of the check, or null for none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tolerance"/> is negative.</exception>
    public static IHealthChecksBuilder AddIpcClient(
        this IHealthChecksBuilder builder,
        string? name = null,
        TimeSpan? tolerance = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        TimeSpan tolerated = tolerance ?? DefaultTolerance;
        ArgumentOutOfRangeException.ThrowIfLessThan(tolerated, TimeSpan.Zero, nameof(tolerance));
        string key = name ?? "";
        return builder.Add(
            new HealthCheckRegistration(CheckName("ipc-client", key), services => new IpcClientHealthCheck(services, key, tolerated), failureStatus, tags)
        );
    }

    private static string CheckName(string kind, string name) => name.Length == 0 ? kind : $"{kind}-{name}";
}
