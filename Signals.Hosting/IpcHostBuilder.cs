using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
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
        AddSingleton<TService>();
        _registration.Services.Add(static services => services.GetRequiredService<TService>());
        return this;
    }
}
