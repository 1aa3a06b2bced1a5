using Microsoft.Extensions.DependencyInjection;

namespace Signals.Hosting.Registration;

/// <summary>Registers services with keys, each of which may be used once.</summary>
internal static class KeyedServices
{
    /// <summary>Registers a singleton with a key.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    internal static void Add<TService>(IServiceCollection services, string key, Func<IServiceProvider, TService> create)
        where TService : class
    {
        if (services.Any(service => service.IsKeyedService && service.ServiceType == typeof(TService) && key.Equals(service.ServiceKey)))
        {
            throw new InvalidOperationException($"The application has a service {typeof(TService).Name} with the key \"{key}\" already.");
        }

        services.AddKeyedSingleton(key, (provider, _) => create(provider));
    }
}
