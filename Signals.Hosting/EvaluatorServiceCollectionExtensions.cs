using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signals;
using Signals.Hosting.Registration;
using Signals.Hosting.Running;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds evaluators to the services of an application. They end with the application.</summary>
public static class EvaluatorServiceCollectionExtensions
{
    /// <summary>
    /// Adds an evaluator with a thread of its own, as a <see cref="ConnectionEvaluator"/>. When the hosted services have stopped, the evaluator runs its
    /// queued invocations and is disposed.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name, which is the key in the container, the name of the thread and that of the evaluator in measurements, or null for none.</param>
    /// <param name="configure">
    /// A function that sets the options, or null. Without an <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>, exceptions of slots are logged.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">An evaluator with this name is registered already.</exception>
    public static IServiceCollection AddThreadEvaluator(
        this IServiceCollection services,
        string? name = null,
        Action<ConnectionEvaluatorOptions>? configure = null
    ) => Add(services, name, configure, options => new ThreadEvaluator(name, options));

    /// <summary>
    /// Adds an evaluator that uses the thread pool, as a <see cref="ConnectionEvaluator"/>. When the hosted services have stopped, the evaluator
    /// runs its queued invocations and is disposed.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name, which is the key in the container and the name of the evaluator in measurements, or null for none.</param>
    /// <param name="configure">
    /// A function that sets the options, or null. Without an <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>, exceptions of slots are logged.
    /// </param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">An evaluator with this name is registered already.</exception>
    public static IServiceCollection AddThreadPoolEvaluator(
        this IServiceCollection services,
        string? name = null,
        Action<ConnectionEvaluatorOptions>? configure = null
    ) => Add(services, name, configure, static options => new ThreadPoolEvaluator(options));

    private static IServiceCollection Add(
        IServiceCollection services,
        string? name,
        Action<ConnectionEvaluatorOptions>? configure,
        Func<ConnectionEvaluatorOptions, ConnectionEvaluator> create
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        string key = name ?? "";
        KeyedServices.Add(services, key, provider => create(OptionsOf(provider, key, configure)));
        services.AddSingleton<IHostedService>(provider => new EvaluatorService(
            provider.GetRequiredKeyedService<ConnectionEvaluator>(key),
            LoggerOf(provider, key)
        ));
        IpcRegistry.Of(services).AddWithoutKey(services, typeof(ConnectionEvaluator), key);
        return services;
    }

    private static ConnectionEvaluatorOptions OptionsOf(IServiceProvider services, string name, Action<ConnectionEvaluatorOptions>? configure)
    {
        var options = new ConnectionEvaluatorOptions();
        configure?.Invoke(options);
        ILogger logger = LoggerOf(services, name);
        options.Name ??= name.Length == 0 ? null : name;
        options.ExceptionHandler ??= exception => HostingLog.SlotThrew(logger, exception);
        return options;
    }

    private static ILogger LoggerOf(IServiceProvider services, string name)
    {
        string category = name.Length == 0 ? typeof(ConnectionEvaluator).FullName! : $"{typeof(ConnectionEvaluator).FullName}.{name}";
        return services.GetService<ILoggerFactory>()?.CreateLogger(category) ?? NullLogger.Instance;
    }
}
