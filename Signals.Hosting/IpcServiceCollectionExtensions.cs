using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Signals.Hosting;
using Signals.Hosting.Configuration;
using Signals.Hosting.Registration;
using Signals.Hosting.Running;
using Signals.Ipc;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds hosts and clients of Signals.Ipc to the services of an application.</summary>
public static class IpcServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IpcHost"/>, which starts and stops with the application. Further calls compose the same host.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">A function that sets the defaults, which the section <c>Ipc:Host</c> of the configuration overrides, or null.</param>
    /// <returns>A builder that adds services and signals to the host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IpcHostBuilder AddIpcHost(this IServiceCollection services, Action<IpcHostSettings>? configure = null) =>
        AddHost(services, Options.Options.DefaultName, configure);

    /// <summary>
    /// Adds an <see cref="IpcHost"/> with a name, which is its key in the container. Further calls with the same name compose the same host.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">A function that sets the defaults, which the section <c>Ipc:Hosts:NAME</c> of the configuration overrides, or null.</param>
    /// <returns>A builder that adds services and signals to the host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IpcHostBuilder AddIpcHost(this IServiceCollection services, string name, Action<IpcHostSettings>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddHost(services, name, configure);
    }

    /// <summary>
    /// Adds an <see cref="IpcClient"/>, which begins to connect when the application starts. Further calls compose the same client.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">A function that sets the defaults, which the section <c>Ipc:Client</c> of the configuration overrides, or null.</param>
    /// <returns>A builder that adds proxies and signals to the client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IpcClientBuilder AddIpcClient(this IServiceCollection services, Action<IpcClientSettings>? configure = null) =>
        AddClient(services, Options.Options.DefaultName, configure);

    /// <summary>
    /// Adds an <see cref="IpcClient"/> with a name, which is its key in the container. Further calls with the same name compose the same client.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">A function that sets the defaults, which the section <c>Ipc:Clients:NAME</c> of the configuration overrides, or null.</param>
    /// <returns>A builder that adds proxies and signals to the client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IpcClientBuilder AddIpcClient(this IServiceCollection services, string name, Action<IpcClientSettings>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddClient(services, name, configure);
    }

    private static IpcHostBuilder AddHost(IServiceCollection services, string name, Action<IpcHostSettings>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registry = IpcRegistry.Of(services);
        HostRegistration registration = registry.Host(name, out bool isNew);
        if (isNew)
        {
            AddSettings(services, registration, HostSettingList.All);
            services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
            services.AddKeyedSingleton(name, (provider, _) => new IpcHostService(provider, registration));
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<IpcHostService>(name));
            registry.AddWithoutKey(services, typeof(IpcHost), name);
        }

        Configure(services, name, configure);
        return new IpcHostBuilder(services, registration);
    }

    private static IpcClientBuilder AddClient(IServiceCollection services, string name, Action<IpcClientSettings>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registry = IpcRegistry.Of(services);
        ClientRegistration registration = registry.Client(name, out bool isNew);
        if (isNew)
        {
            AddSettings(services, registration, ClientSettingList.All);
            services.AddKeyedSingleton(name, (provider, _) => new ConnectionHistory(provider));
            services.AddKeyedSingleton(name, (provider, _) => registration.Create(provider));
            services.AddSingleton<IHostedService>(provider => new IpcClientService(provider, registration));
            registry.AddWithoutKey(services, typeof(IpcClient), name);
        }

        Configure(services, name, configure);
        return new IpcClientBuilder(services, registration);
    }

    /// <summary>Reads the settings from the configuration, and validates them when the application starts.</summary>
    private static void AddSettings<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TSettings>(
        IServiceCollection services,
        IpcRegistration registration,
        Setting<TSettings>[] list
    )
        where TSettings : class, ISettings
    {
        services.AddSingleton<IPostConfigureOptions<TSettings>>(Create);
        services.AddSingleton<IValidateOptions<TSettings>>(Create);
        services.AddOptions<TSettings>(registration.Name).ValidateOnStart();

        SettingsSource<TSettings> Create(IServiceProvider provider) => new(registration, list, provider.GetService<IConfiguration>());
    }

    private static void Configure<TSettings>(IServiceCollection services, string name, Action<TSettings>? configure)
        where TSettings : class
    {
        if (configure is not null)
        {
            services.Configure(name, configure);
        }
    }
}
