using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Signals.Hosting.Registration;
using Signals.Ipc;

namespace Signals.Hosting;

/// <summary>Composes an <see cref="IpcClient"/> of an application. Created by <c>AddIpcClient</c>.</summary>
public sealed class IpcClientBuilder : IpcBuilder<IpcClientBuilder>
{
    internal IpcClientBuilder(IServiceCollection services, ClientRegistration registration)
        : base(services, registration) { }

    /// <summary>
    /// Registers a proxy as a singleton, which the container creates and binds to this client at the first request. Its key is the name of the client. If only
    /// one client has a proxy of this type, or the client without a name has one, that proxy is available without a key, too.
    /// </summary>
    /// <typeparam name="TInterface">The type of the service in the container, such as a generated interface.</typeparam>
    /// <typeparam name="TProxy">The type of the proxy.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The client has a proxy of this type already.</exception>
    public IpcClientBuilder AddProxy<TInterface, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProxy>()
        where TInterface : class
        where TProxy : ServiceProxy, TInterface
    {
        string name = Name;
        KeyedServices.Add<TInterface>(
            Services,
            name,
            services =>
            {
                TProxy proxy = ActivatorUtilities.CreateInstance<TProxy>(services);
                services.GetRequiredKeyedService<IpcClient>(name).Bind(proxy);
                return proxy;
            }
        );
        IpcRegistry.Of(Services).AddWithoutKey(Services, typeof(TInterface), name);
        return this;
    }

    /// <summary>Registers a proxy with its own type; see <see cref="AddProxy{TInterface, TProxy}"/>.</summary>
    /// <typeparam name="TProxy">The type of the proxy.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The client has a proxy of this type already.</exception>
    public IpcClientBuilder AddProxy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProxy>()
        where TProxy : ServiceProxy => AddProxy<TProxy, TProxy>();
}
