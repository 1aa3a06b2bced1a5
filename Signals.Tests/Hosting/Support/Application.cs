using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signals.Ipc;

namespace Signals.Tests.Hosting.Support;

/// <summary>An application, whose waits are bounded. Disposing it stops it.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly IHost _host;

    private Application(IHost host, CategoryLog log)
    {
        _host = host;
        Log = log;
    }

    internal CategoryLog Log { get; }

    internal IServiceProvider Services => _host.Services;

    internal IpcHost Host => Services.GetRequiredService<IpcHost>();

    internal IpcClient Client => Services.GetRequiredService<IpcClient>();

    /// <summary>Builds an application, which is not started.</summary>
    /// <param name="compose">Adds its services.</param>
    /// <param name="configuration">Its configuration.</param>
    internal static Application Build(Action<IServiceCollection> compose, params IEnumerable<(string Key, string? Value)> configuration)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        var log = new CategoryLog();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        compose(builder.Services);
        return new Application(builder.Build(), log);
    }

    /// <inheritdoc cref="Build"/>
    internal static async Task<Application> StartAsync(Action<IServiceCollection> compose, params IEnumerable<(string Key, string? Value)> configuration)
    {
        Application application = Build(compose, configuration);
        await application.StartAsync();
        return application;
    }

    internal Task StartAsync() => _host.StartAsync().Within("the start of the application");

    internal Task StopAsync() => _host.StopAsync().Within("the stop of the application");

    internal T Get<T>(object? key = null)
        where T : notnull => Services.GetRequiredKeyedService<T>(key);

    /// <summary>Returns the report of the only health check.</summary>
    internal async Task<HealthReportEntry> CheckAsync()
    {
        HealthReport report = await Get<HealthCheckService>().CheckHealthAsync().Within("the health checks");
        return report.Entries.Values.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync().Within("the disposal of the application");
    }
}
