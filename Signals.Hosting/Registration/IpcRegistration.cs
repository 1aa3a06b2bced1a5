using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signals.Hosting.Running;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Hosting.Registration;

/// <summary>The registration of a host or client, which is created when the application starts.</summary>
/// <param name="name">The name, which is empty for the host or client without a name.</param>
/// <param name="section">The path of its section in the configuration.</param>
internal abstract class IpcRegistration(string name, string section)
{
    /// <summary>Gets the name, which is also the key of the host or client in the container.</summary>
    internal string Name { get; } = name;

    /// <summary>Gets or sets the path of the section of the configuration.</summary>
    internal string Section { get; set; } = section;

    /// <summary>Gets or sets the name of the evaluator that runs the slots, or null for an evaluator of its own.</summary>
    internal string? Evaluator { get; set; }

    /// <summary>Gets the functions that export signals before the host listens, or the client connects.</summary>
    internal List<Action<IServiceProvider>> Exports { get; } = [];

    /// <summary>Gets the functions that return the interceptors of the container.</summary>
    internal List<Func<IServiceProvider, CallInterceptor>> Interceptors { get; } = [];

    /// <summary>Returns the host or client as an exporter.</summary>
    internal abstract ISignalExporter ExporterOf(IServiceProvider services);

    /// <summary>Returns the host or client as an importer.</summary>
    internal abstract ISignalImporter ImporterOf(IServiceProvider services);

    /// <summary>Returns the evaluator of the options or of the application, or null for an evaluator of its own.</summary>
    internal ConnectionEvaluator? EvaluatorOf(IServiceProvider services, ConnectionEvaluator? ofOptions) =>
        ofOptions is null && Evaluator is { } name
            ? services.GetKeyedService<ConnectionEvaluator>(name) ?? throw Missing.Of("evaluator", name)
            : ofOptions;

    /// <summary>Returns the logger of the application for a type, unless the options have a logger.</summary>
    internal ILogger LoggerOf(IServiceProvider services, Type type, ILogger ofOptions)
    {
        string category = Name.Length == 0 ? type.FullName! : $"{type.FullName}.{Name}";
        return ofOptions is NullLogger && services.GetService<ILoggerFactory>() is { } factory ? factory.CreateLogger(category) : ofOptions;
    }

    /// <summary>Returns the interceptors of the options, and after them those of the container.</summary>
    internal IReadOnlyList<CallInterceptor> InterceptorsOf(IServiceProvider services, IReadOnlyList<CallInterceptor> ofOptions) =>
        Interceptors.Count == 0 ? ofOptions : [.. ofOptions, .. Interceptors.Select(find => find(services))];

    /// <summary>Returns the time provider of the container, if there is one and the options have none.</summary>
    internal static TimeProvider TimeOf(IServiceProvider services, TimeProvider ofOptions) =>
        ofOptions == TimeProvider.System && services.GetService<TimeProvider>() is { } time ? time : ofOptions;
}
