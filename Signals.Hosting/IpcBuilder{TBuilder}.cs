using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Signals.Hosting.Registration;
using Signals.Ipc;

namespace Signals.Hosting;

/// <summary>The members that the builders of hosts and clients of an application have in common.</summary>
/// <typeparam name="TBuilder">The type of the builder.</typeparam>
/// <remarks>Builders are not thread-safe. Use them only while the application is composed.</remarks>
public abstract partial class IpcBuilder<TBuilder>
    where TBuilder : IpcBuilder<TBuilder>
{
    private readonly IpcRegistration _registration;

    private protected IpcBuilder(IServiceCollection services, IpcRegistration registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>Gets the services of the application.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Gets the name of the host or client, which is its key in the container. Empty for one without a name.</summary>
    public string Name => _registration.Name;

    /// <summary>
    /// Reads the settings from a section of the configuration that replaces <c>Ipc:Host</c>, <c>Ipc:Hosts:NAME</c>, <c>Ipc:Client</c> or
    /// <c>Ipc:Clients:NAME</c>.
    /// </summary>
    /// <param name="section">The path of the section, for example <c>Plant:Host</c>.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="section"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="section"/> is empty.</exception>
    public TBuilder BindConfiguration(string section)
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        _registration.Section = section;
        return (TBuilder)this;
    }

    /// <summary>
    /// Runs the slots of the signals of the host or client, of its proxies and of its imports on an evaluator of the application; see <c>AddThreadEvaluator</c>. By
    /// default, each host and client has an evaluator of its own. An evaluator that the settings contain takes precedence.
    /// </summary>
    /// <param name="name">The name of the evaluator, or null for the one without a name.</param>
    /// <returns>This builder.</returns>
    public TBuilder UseEvaluator(string? name = null)
    {
        _registration.Evaluator = name ?? "";
        return (TBuilder)this;
    }

    /// <summary>
    /// Adds an interceptor of the calls of the host or client. The container creates one object, and passes the arguments of its constructor. Interceptors of the
    /// container are called after those of the settings, in the order in which they were added. To create one differently, register its type as a singleton.
    /// </summary>
    /// <typeparam name="TInterceptor">The type of the interceptor, which must be thread-safe. Several hosts and clients with this type share one object.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">The type is registered as scoped or transient.</exception>
    public TBuilder AddInterceptor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>()
        where TInterceptor : CallInterceptor
    {
        AddSingleton<TInterceptor>();
        _registration.Interceptors.Add(static services => services.GetRequiredService<TInterceptor>());
        return (TBuilder)this;
    }

    /// <summary>Registers a type of which one object serves all calls, unless it is registered already.</summary>
    /// <exception cref="InvalidOperationException">The type is registered as scoped or transient.</exception>
    private protected void AddSingleton<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class
    {
        ServiceDescriptor? registered = Services.LastOrDefault(service => service is { IsKeyedService: false } && service.ServiceType == typeof(T));
        if (registered is { Lifetime: not ServiceLifetime.Singleton })
        {
            throw new InvalidOperationException(
                $"{typeof(T).Name} is registered as {registered.Lifetime}, but one object serves all calls. Register it as a singleton, and create a scope in the methods that need one."
            );
        }

        Services.TryAddSingleton<T>();
    }
}
