using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signals.Hosting.Configuration;
using Signals.Hosting.Running;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Hosting.Registration;

/// <summary>A client of an application.</summary>
internal sealed class ClientRegistration(string name) : IpcRegistration(name, SettingNames.Section("Client", name))
{
    /// <summary>Creates the client, which does not connect yet.</summary>
    internal IpcClient Create(IServiceProvider services)
    {
        IpcClientSettings settings = services.GetRequiredService<IOptionsMonitor<IpcClientSettings>>().Get(Name);
        IpcClientOptions options = settings.Client;
        options.Logger = LoggerOf(services, typeof(IpcClient), options.Logger);
        options.Evaluator = EvaluatorOf(services, options.Evaluator);
        options.Interceptors = InterceptorsOf(services, options.Interceptors);
        options.TimeProvider = TimeOf(services, options.TimeProvider);
        var client = new IpcClient(settings.Endpoint, options);
        services.GetRequiredKeyedService<ConnectionHistory>(Name).Watch(client, options.Logger);
        return client;
    }

    /// <inheritdoc/>
    internal override ISignalExporter ExporterOf(IServiceProvider services) => services.GetRequiredKeyedService<IpcClient>(Name);

    /// <inheritdoc/>
    internal override ISignalImporter ImporterOf(IServiceProvider services) => services.GetRequiredKeyedService<IpcClient>(Name);
}
