using Microsoft.Extensions.DependencyInjection;

namespace Signals.Hosting.Registration;

/// <summary>Registers services with keys. A key can be used once for each type.</summary>
internal static class KeyedServices
{
    /// <summary>Registers a singleton with a key.</summary>
    /// <exception cref="InvalidOperationException">A service of this type is registered with the key already.</exception>
    internal static void Add<TService>(IServiceCollection services, string key, Func<IServiceProvider, TService> create)
        where TService : class
    {
        if (services.Any(service => service.IsKeyedService && service.ServiceType == typeof(TService) && key.Equals(service.ServiceKey)))
        {
            throw new InvalidOperationException(
                $"The application has a service {typeof(TService).Name} with the key \"{key}\" already. Pass another name or key."
            );
        }

        services.AddKeyedSingleton(key, (provider, _) => create(provider));
    }
}
