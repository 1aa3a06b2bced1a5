using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signals.Hosting.Configuration;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Hosting.Registration;

/// <summary>A host of an application.</summary>
internal sealed class HostRegistration(string name) : IpcRegistration(name, SettingNames.Section("Host", name))
{
    /// <summary>Gets the functions that return the services to expose.</summary>
    internal List<Func<IServiceProvider, Service>> Services { get; } = [];

    /// <summary>Creates the host, which does not listen yet.</summary>
    internal IpcHost Create(IServiceProvider services)
    {
        IpcHostOptions options = services.GetRequiredService<IOptionsMonitor<IpcHostSettings>>().Get(Name).Host;
        options.Logger = LoggerOf(services, typeof(IpcHost), options.Logger);
        options.Evaluator = EvaluatorOf(services, options.Evaluator);
        options.Interceptors = InterceptorsOf(services, options.Interceptors);
        options.TimeProvider = TimeOf(services, options.TimeProvider);
        return new IpcHost(options);
    }

    /// <inheritdoc/>
    internal override ISignalExporter ExporterOf(IServiceProvider services) => services.GetRequiredKeyedService<IpcHost>(Name);

    /// <inheritdoc/>
    internal override ISignalImporter ImporterOf(IServiceProvider services) => services.GetRequiredKeyedService<IpcHost>(Name);
}
