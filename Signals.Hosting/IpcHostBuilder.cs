using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Signals.Hosting.Registration;
using Signals.Ipc;

namespace Signals.Hosting;

/// <summary>Composes an <see cref="IpcHost"/> of an application. Created by <c>AddIpcHost</c>.</summary>
public sealed class IpcHostBuilder : IpcBuilder<IpcHostBuilder>
{
    private readonly HostRegistration _registration;

    internal IpcHostBuilder(IServiceCollection services, HostRegistration registration)
        : base(services, registration) => _registration = registration;

    /// <summary>
    /// Exposes a service. The container creates one object when the application starts, and passes the arguments of its constructor. The object serves all
    /// calls of all clients. To create it differently, register the type as a singleton.
    /// </summary>
    /// <typeparam name="TService">The type of the service.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The type is registered as scoped or transient.</exception>
    public IpcHostBuilder AddService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>()
        where TService : Service
    {
        ServiceDescriptor? registered = Services.LastOrDefault(service => service is { IsKeyedService: false } && service.ServiceType == typeof(TService));
        if (registered is { Lifetime: not ServiceLifetime.Singleton })
        {
            throw new InvalidOperationException(
                $"{typeof(TService).Name} is registered as {registered.Lifetime}, but one object serves all calls. Register it as a singleton, and create a scope in the methods that need one."
            );
        }

        Services.TryAddSingleton<TService>();
        _registration.Services.Add(static services => services.GetRequiredService<TService>());
        return this;
    }
}
